#include "enxerto/data/voc.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/boxed_pictures.h"
#include "enxerto/data/listed_files.h"
#include "enxerto/data/part_names.h"
#include "enxerto/data/text_lines.h"
#include "enxerto/data/voc_annotation.h"
#include "enxerto/data/walk.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/read.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostXml = 1 << 24, kMostNames = 1 << 26;
constexpr std::array<std::string_view, 2> kAnnotations{"Annotations", "annotations"};

/// The .xml files of one part, below the data's folder.
struct VocPart {
  std::optional<Part> part;
  std::vector<std::string> files;
};

bool is_voc_file(const std::string& path) {
  std::error_code error;
  return fs::file_size(path, error) <= kMostXml && !error && looks_like_voc(read_text(path, kMostXml));
}

/// Of the files in `root`/`folder` those of boxes, where one of the first .xml is one.
std::vector<std::string> voc_files(const std::string& root, const std::string& folder,
                                   const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const std::string& name : names)
    if (name.ends_with(".xml")) files.push_back((fs::path(folder) / name).string());
  const auto is_annotation = [&](const std::string& name) { return is_voc_file(root + "/" + name); };
  return begin_with_form(files, is_annotation) ? files : std::vector<std::string>();
}

/// Those in a folder with these entries, or in its folder of annotations.
std::vector<std::string> voc_files_of(const std::string& root, const std::string& folder,
                                      const FolderEntries& entries) {
  for (const std::string_view name : kAnnotations) {
    if (std::ranges::find(entries.folders, name) == entries.folders.end()) continue;
    const std::string inside = (fs::path(folder) / name).string();
    std::vector<std::string> files = voc_files(root, inside, readable_entries(root + "/" + inside).files);
    if (!files.empty()) return files;
  }
  return voc_files(root, folder, entries.files);
}

/// The names that ImageSets/Main lists for a part.
std::vector<std::string> names_of_part(const std::string& root, const char* part) {
  const std::string path = fmt::format("{}/ImageSets/Main/{}.txt", root, part);
  if (!is_file(path)) return {};
  std::vector<std::string> names = text_lines_of(read_text(path, kMostNames));
  for (std::string& name : names) name.resize(std::min(name.find_first_of(" \t"), name.size()));
  return names;
}

std::vector<VocPart> listed_parts(const std::string& root, const std::vector<std::string>& files) {
  const std::string folder = fs::path(files.front()).parent_path().string();
  const std::set<std::string> there(files.begin(), files.end());
  std::vector<VocPart> parts;
  for (const auto& [name, part] : {std::pair{"train", Part::train}, {"val", Part::validation}, {"test", Part::test}}) {
    VocPart listed{part, {}};
    for (const std::string& one : names_of_part(root, name)) {
      const std::string file = folder + "/" + one + ".xml";
      if (!there.contains(file))
        throw data_error(fmt::format("{}/ImageSets/Main/{}.txt", root, name), fmt::format("'{}' has no {}", one, file),
                         "names of files of boxes", "remove the line, or add the file");
      listed.files.push_back(file);
    }
    if (!listed.files.empty()) parts.push_back(std::move(listed));
  }
  return parts;
}

std::vector<VocPart> parts_of(const std::string& root) {
  std::vector<VocPart> parts;
  const FolderEntries entries = readable_entries(root);
  if (std::vector<std::string> files = voc_files_of(root, "", entries); !files.empty()) {
    parts = listed_parts(root, files);
    if (parts.empty() || parts.front().part != Part::train) parts = {{std::nullopt, std::move(files)}};
    return parts;
  }
  for (const std::string& folder : entries.folders) {
    const auto part = part_named(folder);
    if (!part) continue;
    std::vector<std::string> files = voc_files_of(root, folder, readable_entries(root + "/" + folder));
    if (!files.empty()) parts.push_back({part, std::move(files)});
  }
  return parts;
}

class VocReader {
 public:
  VocReader(std::string root, const DataWatch& watch)
      : root_(std::move(root)), listed_(root_), progress_(watch.progress), kept_(watch.faults), faults_(watch.faults) {}

  void read(const VocPart& part) {
    std::vector<VocAnnotation>& read = read_.emplace_back();
    for (const std::string& file : part.files) {
      throw_if_cancelled(progress_);
      going_on(kept_, [&] { read.push_back(annotation_in(file)); });
    }
  }

  /// All that was read, each part once.
  std::vector<DatasetPtr> datasets() {
    std::vector<BoxedPictures> pictures;
    for (const std::vector<VocAnnotation>& part : read_) pictures.push_back(pictures_of(part));
    faults_.require_none();
    if (classes_.empty())
      throw data_error(root_, fmt::format("{} without a single box", counted(files_.size(), "file", "files")),
                       "files with objects");
    notice();
    std::vector<DatasetPtr> datasets;
    for (BoxedPictures& part : pictures)
      datasets.push_back(boxed_dataset(std::move(part), {classes_.begin(), classes_.end()}));
    return datasets;
  }

 private:
  VocAnnotation annotation_in(const std::string& file) {
    const std::string path = root_ + "/" + file;
    VocAnnotation one = parse_voc_annotation(read_text(path, kMostXml), path, faults_);
    one.path = file;
    for (const VocObject& object : one.objects) {
      classes_.insert(object.name);
      for (const double corner : {object.left, object.top, object.right, object.bottom})
        counts_from_0_ = counts_from_0_ || corner == 0 || corner != std::floor(corner);
    }
    return one;
  }

  BoxedPictures pictures_of(const std::vector<VocAnnotation>& part) {
    BoxedPictures pictures(root_);
    for (const VocAnnotation& one : part) {
      going_on(kept_, [&] {
        const std::string picture = picture_of(one);
        if (const auto [known, is_new] = files_.emplace(picture, one.path); !is_new)
          throw data_error(root_ + "/" + one.path,
                           fmt::format("its picture {} is also that of {}", picture, known->second),
                           "one file for each picture");
        pictures.files.add_path(picture);
        pictures.add(boxes_of_file(one), {one.width, one.height});
      });
    }
    return pictures;
  }

  std::vector<LabelledBox> boxes_of_file(const VocAnnotation& one) {
    const double first = counts_from_0_ ? 0 : 1;
    const BoxFrame frame = pixel_frame(one.width, one.height);
    std::vector<LabelledBox> boxes;
    for (const VocObject& object : one.objects) {
      LabelledBox box{
          .left = object.left - first, .top = object.top - first, .right = object.right, .bottom = object.bottom};
      const std::string fault = box_fault(box, frame,
                                          fmt::format("'{}' from ({:g}, {:g}) to ({:g}, {:g})", object.name,
                                                      object.left, object.top, object.right, object.bottom));
      if (!fault.empty()) {
        faults_.add(fmt::format("{}/{}: object {}", root_, one.path, object.number), fault);
        continue;
      }
      box.label = std::distance(classes_.begin(), classes_.find(object.name));
      box.area = (box.right - box.left) * (box.bottom - box.top);
      box.crowd = object.difficult;
      boxes.push_back(box);
    }
    return boxes;
  }

  /// Its path below the root. One that is nowhere is called what it should be: reading it says so.
  std::string picture_of(const VocAnnotation& one) {
    const fs::path folder = fs::path(one.path).parent_path(), above = folder.parent_path();
    const std::string own = fs::path(one.path).stem().string();
    const std::vector<fs::path> folders{folder, above / "JPEGImages", above / "images", above / "Images", above};
    for (const std::string& name : {fs::path(one.filename).filename().string(), own}) {
      if (name.empty()) continue;
      for (const fs::path& place : folders)
        if (auto found = listed_.find((place / name).string())) return *std::move(found);
    }
    if (files_.empty())
      throw data_error(root_ + "/" + one.path,
                       fmt::format("its picture '{}' is in none of {}", one.filename.empty() ? own : one.filename,
                                   fmt::join(shown(folders), ", ")),
                       "pictures beside the file, in JPEGImages/ or in images/", "put them there");
    return (fs::path(files_.begin()->first).parent_path() / (one.filename.empty() ? own : one.filename)).string();
  }

  std::vector<std::string> shown(const std::vector<fs::path>& folders) const {
    std::vector<std::string> names;
    for (const fs::path& folder : folders) names.push_back((fs::path(root_) / folder).lexically_normal().string());
    return names;
  }

  void notice() {
    if (counts_from_0_)
      progress_.notice(fmt::format(
          "{}: corners of boxes that are 0 or no whole numbers: pixels are counted from 0, not from 1", root_));
    std::set<std::string> folders;
    std::size_t without = 0;
    for (const auto& [picture, file] : files_) folders.insert(fs::path(picture).parent_path().string());
    for (const std::string& folder : folders)
      for (const std::string& name : readable_entries((fs::path(root_) / folder).string()).files)
        if (medium_of_file(name) == Medium::image && !files_.contains((fs::path(folder) / name).string())) ++without;
    if (without > 0)
      progress_.notice(fmt::format("{}: {} without an .xml file left out", root_, counted(without, "picture")));
  }

  std::string root_;
  ListedFiles listed_;
  Progress& progress_;
  DataFaults& kept_;
  BoxFaults faults_;
  std::set<std::string> classes_;
  std::map<std::string, std::string> files_;  // of boxes, by picture
  bool counts_from_0_ = false;
  std::vector<std::vector<VocAnnotation>> read_;
};

}  // namespace

bool is_voc_folder(const std::string& path) { return !parts_of(path).empty(); }

DataParts open_voc_folder(const std::string& path, const DataWatch& watch) {
  const std::vector<VocPart> parts = parts_of(path);
  VocReader reader(path, watch);
  for (const VocPart& part : parts) reader.read(part);
  std::vector<DatasetPtr> read = reader.datasets();
  DataParts all{.format = "PASCAL VOC"};
  if (parts.size() == 1) {
    all.all = std::move(read.front());
    return all;
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    DatasetPtr& part = parts[i].part == Part::train        ? all.train
                       : parts[i].part == Part::validation ? all.validation
                                                           : all.test;
    if (part)
      throw data_error(path, fmt::format("two folders of the part {}", name_of(*parts[i].part)), "one",
                       "name the folder that is meant");
    part = std::move(read[i]);
  }
  if (!all.train)
    throw data_error(path, "no part that is to be learned from", "a folder train/, or ImageSets/Main/train.txt");
  return all;
}

}  // namespace enxerto
