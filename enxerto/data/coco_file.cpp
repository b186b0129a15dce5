#include "enxerto/data/coco_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <ranges>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/data/coco_ids.h"
#include "enxerto/files/durable.h"
#include "enxerto/files/is_file.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

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

/// 0 where the image does not say it.
double side_of(const Json& image, const char* key, const std::string& where) {
  if (!image.contains(key) || !image[key].is_number()) return 0;
  const auto side = image[key].get<double>();
  if (side >= 0 && std::isfinite(side)) return side;
  throw data_error(where, fmt::format("its {} is {:g}", key, side), "pixels, or nothing where it is not known");
}

/// A crowd is one or none.
void require_crowd(const Json& annotation, const std::string& where) {
  const auto crowd = annotation.find("iscrowd");
  if (crowd == annotation.end() || crowd->is_null() || crowd->is_boolean() || *crowd == 0 || *crowd == 1) return;
  throw data_error(where, fmt::format("'iscrowd' is {}", crowd->dump()), "0 or 1");
}

}  // namespace

CocoFile::CocoFile(std::string path, DataFaults& faults)
    : path_(std::move(path)), faults_(faults), json_(read_json(path_, kMostCocoBytes)) {
  CocoIds ids = coco_ids(json_, path_, faults_);
  for (auto& [id, name] : ids.categories) {
    const auto known = std::ranges::find(classes_, name);  // it has been said that a name is there twice
    numbers_.emplace(id, known - classes_.begin());
    if (known == classes_.end()) classes_.push_back(std::move(name));
  }
  std::map<std::string, std::size_t> by_name;
  std::size_t number = 0;
  for (const Json& one : json_["images"]) {
    ++number;
    if (!one.is_object() || !one.contains("id") || !one["id"].is_number_integer()) continue;  // `coco_ids` has said so
    const auto id = one["id"].get<std::int64_t>();
    if (!ids.images.contains(id) || places_.contains(id)) continue;
    CocoImage image{.name = ids.images.at(id)};
    const auto [known, is_new] = by_name.emplace(image.name, images_.size());
    places_.emplace(id, known->second);
    if (!is_new) continue;
    for (const auto& [key, side] : {std::pair{"width", &image.width}, {"height", &image.height}})
      going_on(faults_,
               [&] { *side = side_of(one, key, fmt::format("{}: image {} ({})", path_, number, image.name)); });
    images_.push_back(std::move(image));
  }
  if (!json_.contains("annotations") || !json_["annotations"].is_array())
    throw data_error(path_, "no list 'annotations'", "images, annotations and categories, as COCO has them");
}

void CocoFile::for_each_annotation(const std::function<void(const CocoAnnotation&)>& use) const {
  std::map<std::int64_t, std::size_t> ids;
  std::size_t number = 0;
  for (const Json& one : json_["annotations"]) {
    const std::string where = fmt::format("{}: annotation {}", path_, ++number);
    going_on(faults_, [&] {
      if (one.is_object() && one.contains("id")) {
        const std::int64_t id = coco_id(one, "id", where);
        const auto [known, is_new] = ids.emplace(id, number);
        if (!is_new)
          throw data_error(where, fmt::format("its id {} is also that of annotation {}", id, known->second),
                           "a different id for each annotation");
      }
      const std::int64_t image_id = coco_id(one, "image_id", where), category = coco_id(one, "category_id", where);
      const auto image = places_.find(image_id);
      if (image == places_.end())
        throw data_error(where, fmt::format("no image has the id {}", image_id), "an id of 'images'");
      const auto label = numbers_.find(category);
      if (label == numbers_.end())
        throw data_error(where, fmt::format("no category has the id {}", category),
                         fmt::format("one of {}", fmt::join(std::views::keys(numbers_), ", ")));
      require_crowd(one, where);
      use({one, where, image->second, label->second});
    });
  }
}

std::string CocoFile::pictures_folder(const std::string& asked) const {
  const std::vector<std::string> folders = likely_folders(path_, asked);
  const std::string& name = images_.front().name;
  for (const std::string& folder : folders)
    if (is_file(fs::path(folder) / name)) return folder;
  throw data_error(path_, fmt::format("its picture '{}' is in none of {}", name, fmt::join(folders, ", ")), "",
                   "say where the pictures are: data.images, the folder that their names are relative to");
}

std::vector<std::int64_t> CocoFile::numbers_among(const std::vector<std::string>& all) const {
  std::vector<std::int64_t> numbers;
  for (const std::string& name : classes_) {
    const auto known = std::ranges::find(all, name);
    if (known == all.end())
      throw data_error(path_, fmt::format("a category '{}'", name),
                       fmt::format("those of the training part: {}", fmt::join(all, ", ")));
    numbers.push_back(known - all.begin());
  }
  return numbers;
}

}  // namespace enxerto
