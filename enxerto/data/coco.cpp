#include "enxerto/data/coco.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <ranges>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/box_faults.h"
#include "enxerto/data/boxed_pictures.h"
#include "enxerto/data/coco_ids.h"
#include "enxerto/data/part_names.h"
#include "enxerto/data/walk.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/json.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExported = "_annotations.coco.json";

struct CocoImage {
  std::string name;
  double width = 0, height = 0;
  std::vector<LabelledBox> boxes = {};
};

/// One annotation file.
class CocoFile {
 public:
  explicit CocoFile(const std::string& path) : path_(path), json_(read_json(path, kMostCocoBytes)) {
    read_names();
    if (!json_.contains("annotations") || !json_["annotations"].is_array())
      throw data_error(path, "no list 'annotations'", "images, annotations and categories, as COCO has them");
    read_annotations();
    faults_.require_none();
    json_ = {};
  }

  const std::vector<std::string>& classes() const { return classes_; }
  const std::vector<CocoImage>& images() const { return images_; }

 private:
  [[noreturn]] void fail(const std::string& where, std::string found, std::string expected = {}) const {
    throw data_error(fmt::format("{}: {}", path_, where), std::move(found), std::move(expected));
  }

  std::int64_t id_of(const Json& one, const char* key, const std::string& where) const {
    return coco_id(one, key, fmt::format("{}: {}", path_, where));
  }

  void read_names() {
    CocoIds ids = coco_ids(json_, path_);
    for (auto& [id, name] : ids.categories) {
      numbers_.emplace(id, static_cast<std::int64_t>(classes_.size()));
      classes_.push_back(std::move(name));
    }
    for (const Json& one : json_["images"]) {
      const auto id = one["id"].get<std::int64_t>();
      places_.emplace(id, images_.size());
      CocoImage image{.name = ids.images.at(id)};
      for (const auto& [key, side] : {std::pair{"width", &image.width}, {"height", &image.height}})
        if (one.contains(key) && one[key].is_number()) *side = one[key].get<double>();
      images_.push_back(std::move(image));
    }
  }

  void read_annotations() {
    std::map<std::int64_t, std::size_t> ids;
    std::size_t number = 0;
    for (const Json& one : json_["annotations"]) {
      const std::string where = fmt::format("annotation {}", ++number);
      if (one.is_object() && one.contains("id")) {
        const std::int64_t id = id_of(one, "id", where);
        const auto [known, is_new] = ids.emplace(id, number);
        if (!is_new)
          fail(where, fmt::format("its id {} is also that of annotation {}", id, known->second),
               "a different id for each annotation");
      }
      read_annotation(one, where);
    }
  }

  void read_annotation(const Json& one, const std::string& where) {
    const std::int64_t image_id = id_of(one, "image_id", where), category = id_of(one, "category_id", where);
    const auto image = places_.find(image_id);
    if (image == places_.end()) fail(where, fmt::format("no image has the id {}", image_id), "an id of 'images'");
    const auto label = numbers_.find(category);
    if (label == numbers_.end())
      fail(where, fmt::format("no category has the id {}", category),
           fmt::format("one of {}", fmt::join(std::views::keys(numbers_), ", ")));
    CocoImage& of = images_[image->second];
    const std::optional<std::array<double, 4>> extent = extent_of(one);
    if (!extent)
      return faults_.add(fmt::format("{}: {} ({})", path_, where, of.name), "'bbox' is not a list of four numbers");
    const auto& [left, top, width, height] = *extent;
    LabelledBox box{.left = left, .top = top, .right = left + width, .bottom = top + height, .label = label->second};
    const std::string fault = box_fault(box, pixel_frame(of.width, of.height),
                                        fmt::format("bbox [{:g}, {:g}, {:g}, {:g}]", left, top, width, height));
    if (!fault.empty()) return faults_.add(fmt::format("{}: {} ({})", path_, where, of.name), fault);
    box.area = one.contains("area") && one["area"].is_number() ? one["area"].get<double>() : width * height;
    box.crowd = one.contains("iscrowd") && (one["iscrowd"] == 1 || one["iscrowd"] == true);
    of.boxes.push_back(box);
  }

  static std::optional<std::array<double, 4>> extent_of(const Json& one) {
    const auto box = one.find("bbox");
    if (box == one.end() || !box->is_array() || box->size() != 4) return std::nullopt;
    std::array<double, 4> extent{};
    for (std::size_t i = 0; i < extent.size(); ++i) {
      if (!(*box)[i].is_number()) return std::nullopt;
      extent[i] = (*box)[i].get<double>();
    }
    return extent;
  }

  std::string path_;
  Json json_;
  BoxFaults faults_;
  std::vector<std::string> classes_;
  std::map<std::int64_t, std::int64_t> numbers_;  // of classes, by id
  std::map<std::int64_t, std::size_t> places_;    // of images, by id
  std::vector<CocoImage> images_;
};

/// Folders where the pictures of such a file may be, the likeliest first.
std::vector<std::string> likely_folders(const std::string& path, const std::string& asked) {
  if (!asked.empty()) return {asked};
  const std::string here = directory_of(path).string(), above = (fs::path(here) / "..").lexically_normal().string();
  std::vector<std::string> parts{""};
  std::string stem = fs::path(path).stem().string();
  for (const std::string_view before : {"instances_", "annotations_", "person_keypoints_"})
    if (stem.starts_with(before)) stem.erase(0, before.size());
  parts.push_back("/" + stem);
  std::vector<std::string> folders;
  for (const std::string& part : parts)
    for (const std::string& folder : {here, here + "/images", above, above + "/images"})
      folders.push_back(folder + part);
  return folders;
}

std::string pictures_folder(const std::string& path, const std::string& asked, const CocoFile& file) {
  const std::vector<std::string> folders = likely_folders(path, asked);
  const std::string& name = file.images().front().name;
  for (const std::string& folder : folders)
    if (is_file(fs::path(folder) / name)) return folder;
  throw data_error(path, fmt::format("its picture '{}' is in none of {}", name, fmt::join(folders, ", ")), "",
                   "say where the pictures are: data.images, the folder that their names are relative to");
}

DatasetPtr as_dataset(const std::string& path, const std::string& asked, const CocoFile& file,
                      const std::vector<std::string>& classes, Progress& progress) {
  BoxedPictures pictures(pictures_folder(path, asked, file));
  std::vector<std::int64_t> numbers;
  for (const std::string& name : file.classes()) {
    const auto known = std::ranges::find(classes, name);
    if (known == classes.end())
      throw data_error(path, fmt::format("a category '{}'", name),
                       fmt::format("those of the training part: {}", fmt::join(classes, ", ")));
    numbers.push_back(known - classes.begin());
  }
  std::size_t without = 0;
  for (const CocoImage& image : file.images()) {
    pictures.files.add_path(image.name);
    std::vector<LabelledBox> boxes = image.boxes;
    for (LabelledBox& box : boxes) box.label = numbers[static_cast<std::size_t>(box.label)];
    pictures.add(boxes, {image.width, image.height});
    without += boxes.empty() ? 1 : 0;
  }
  if (without > 0 && without == pictures.files.size())
    throw data_error(path, fmt::format("{} without a single box", counted(without, "picture")),
                     "boxes under \"annotations\" that are not crowds", "name the annotation file that has them");
  if (without > 0)
    progress.notice(
        fmt::format("{}: {} of {} without a box", path, without, counted(pictures.files.size(), "picture")));
  return boxed_dataset(std::move(pictures), classes);
}

/// An annotation file, and the part that it is of.
struct PartFile {
  std::string path;
  std::optional<Part> part;
};

std::vector<PartFile> files_of_parts(const std::string& path) {
  std::vector<PartFile> files;
  const FolderEntries top = readable_entries(path);
  for (const std::string& folder : top.folders) {
    const std::string inside = path + "/" + folder;
    if (is_file(inside + "/" + std::string(kExported)))
      files.push_back({inside + "/" + std::string(kExported), part_named(folder)});
    if (folder != "annotations") continue;
    for (const std::string& name : readable_entries(inside).files)
      if (is_coco_file(inside + "/" + name))
        files.push_back({inside + "/" + name, part_mentioned(fs::path(name).stem().string())});
  }
  if (!files.empty()) return files;
  for (const std::string& name : top.files)
    if (is_coco_file(path + "/" + name))
      files.push_back({path + "/" + name, part_mentioned(fs::path(name).stem().string())});
  return files;
}

}  // namespace

bool is_coco_file(const std::string& path) {
  constexpr std::streamoff kLooked = 1 << 20;
  if (!path.ends_with(".json") || !is_file(path)) return false;
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file.tellg();
  std::string text;
  for (const std::streamoff from : {std::streamoff{0}, std::max<std::streamoff>(size - kLooked, 0)}) {
    if (from == 0 && !text.empty()) break;  // the file is no longer
    std::string piece(static_cast<std::size_t>(std::min(size - from, kLooked)), '\0');
    file.seekg(from);
    file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    text += piece;
  }
  return text.find("\"categories\"") != std::string::npos || text.find("\"annotations\"") != std::string::npos;
}

bool is_coco_folder(const std::string& path) { return !files_of_parts(path).empty(); }

DataParts open_coco_file(const std::string& path, const std::string& images, Progress& progress) {
  const CocoFile file(path);
  return {.format = "COCO", .all = as_dataset(path, images, file, file.classes(), progress)};
}

DataParts open_coco_folder(const std::string& path, const std::string& images, Progress& progress) {
  const std::vector<PartFile> files = files_of_parts(path);
  if (files.size() == 1) return open_coco_file(files[0].path, images, progress);
  DataParts parts{.format = "COCO"};
  std::vector<std::string> classes;
  for (const Part wanted : {Part::train, Part::validation, Part::test}) {
    for (const PartFile& file : files) {
      if (file.part != wanted) continue;
      DatasetPtr& part = wanted == Part::train        ? parts.train
                         : wanted == Part::validation ? parts.validation
                                                      : parts.test;
      if (part)
        throw data_error(file.path, fmt::format("a second file of the part {}", name_of(wanted)), "one",
                         "name the file that is meant");
      const CocoFile read(file.path);
      if (classes.empty()) classes = read.classes();
      part = as_dataset(file.path, images, read, classes, progress);
    }
  }
  if (parts.train) return parts;
  throw data_error(path, "no annotation file whose name marks it as that of the training part",
                   "e.g. annotations/instances_train.json", "name the file");
}

}  // namespace enxerto
