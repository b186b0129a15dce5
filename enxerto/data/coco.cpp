#include "enxerto/data/coco.h"

#include <array>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/quantity.h"
#include "enxerto/data/box_faults.h"
#include "enxerto/data/boxed_pictures.h"
#include "enxerto/data/coco_file.h"
#include "enxerto/data/file_list.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

using BoxesOfImages = std::vector<std::vector<LabelledBox>>;

std::optional<std::array<double, 4>> extent_of(const Json& one) {
  const auto box = one.find("bbox");
  if (box == one.end() || !box->is_array() || box->size() != 4) return std::nullopt;
  std::array<double, 4> extent{};
  for (std::size_t i = 0; i < extent.size(); ++i) {
    if (!(*box)[i].is_number()) return std::nullopt;
    extent[i] = (*box)[i].get<double>();
  }
  return extent;
}

void read_annotation(const CocoAnnotation& one, const CocoImage& of, std::vector<LabelledBox>& boxes,
                     BoxFaults& faults) {
  const std::string where = fmt::format("{} ({})", one.where, of.name);
  const std::optional<std::array<double, 4>> extent = extent_of(one.json);
  if (!extent) return faults.add(where, "'bbox' is not a list of four numbers");
  const auto& [left, top, width, height] = *extent;
  LabelledBox box{.left = left, .top = top, .right = left + width, .bottom = top + height, .label = one.label};
  const std::string fault = box_fault(box, pixel_frame(of.width, of.height),
                                      fmt::format("bbox [{:g}, {:g}, {:g}, {:g}]", left, top, width, height));
  if (!fault.empty()) return faults.add(where, fault);
  const Json& json = one.json;
  box.area = json.contains("area") && json["area"].is_number() ? json["area"].get<double>() : width * height;
  box.crowd = json.contains("iscrowd") && (json["iscrowd"] == 1 || json["iscrowd"] == true);
  boxes.push_back(box);
}

BoxesOfImages boxes_of_file(const CocoFile& file, DataFaults& faults) {
  BoxesOfImages boxes(file.images().size());
  BoxFaults wrong(faults);
  file.for_each_annotation(
      [&](const CocoAnnotation& one) { read_annotation(one, file.images()[one.image], boxes[one.image], wrong); });
  wrong.require_none();
  return boxes;
}

/// Where a file is looked for and what its pictures are called below; "": by their names in the file.
struct PlaceOfFile {
  std::string path, images, root = "";
};

/// The pictures of a file; where `classes` are given, its classes are some of them.
DatasetPtr boxed_file(const PlaceOfFile& place, std::vector<std::string>& classes, const DataWatch& watch) {
  const std::string& path = place.path;
  const CocoFile file(path, watch.faults);
  const BoxesOfImages boxes = boxes_of_file(file, watch.faults);
  if (classes.empty()) classes = file.classes();
  const std::string folder = file.pictures_folder(place.images);
  BoxedPictures pictures(place.root.empty() ? folder : place.root);
  const std::vector<std::int64_t> numbers = file.numbers_among(classes);
  std::size_t without = 0;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const CocoImage& image = file.images()[i];
    pictures.files.add_path(place.root.empty() ? image.name
                                               : absolute_path_below(place.root, fs::path(folder) / image.name));
    std::vector<LabelledBox> own = boxes[i];
    for (LabelledBox& box : own) box.label = numbers[static_cast<std::size_t>(box.label)];
    pictures.add(own, {image.width, image.height});
    without += own.empty() ? 1 : 0;
  }
  if (without > 0 && without == pictures.files.size())
    throw data_error(path, fmt::format("{} without a single box", counted(without, "picture")),
                     "boxes under \"annotations\" that are not crowds", "name the annotation file that has them");
  if (without > 0)
    watch.progress.notice(
        fmt::format("{}: {} of {} without a box", path, without, counted(pictures.files.size(), "picture")));
  return boxed_dataset(std::move(pictures), classes);
}

}  // namespace

DataParts open_coco_file(const std::string& path, const std::string& images, const DataWatch& watch) {
  std::vector<std::string> classes;
  return {.format = "COCO", .all = boxed_file({path, images}, classes, watch)};
}

DataParts open_coco_folder(const std::string& path, const std::string& images, const DataWatch& watch) {
  const CocoParts files = coco_parts(path);
  if (!files.whole.empty()) return open_coco_file(files.whole, images, watch);
  DataParts parts{.format = "COCO"};
  std::vector<std::string> classes;
  for (const auto& [file, part] :
       {std::pair{&files.train, &parts.train}, {&files.validation, &parts.validation}, {&files.test, &parts.test}})
    if (!file->empty()) *part = boxed_file({*file, images, path}, classes, watch);
  return parts;
}

}  // namespace enxerto
