#include "enxerto/data/coco_masks.h"

#include <cmath>
#include <filesystem>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/coco_file.h"
#include "enxerto/data/coco_parts.h"
#include "enxerto/data/file_list.h"
#include "enxerto/data/outlined_pictures.h"
#include "enxerto/files/durable.h"
#include "enxerto/media/image/image.h"

namespace enxerto {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_outline(const std::string& where, std::string found) {
  throw data_error(where, std::move(found), "an outline as COCO has it, inside its picture",
                   "correct it, or remove the object from the file");
}

std::vector<double> numbers_of(const Json& list, const std::string& where) {
  std::vector<double> numbers;
  for (const Json& one : list) {
    if (!one.is_number()) refuse_outline(where, "a polygon with something that is no number");
    numbers.push_back(one.get<double>());
  }
  return numbers;
}

OutlineRuns runs_of(const Json& rle, const OutlineFrame& frame, const std::string& where) {
  const bool sized = rle.contains("size") && rle["size"] == Json{frame.height, frame.width};
  if (!sized)
    refuse_outline(where,
                   fmt::format("an RLE of the size {}, and its picture is {} x {} px",
                               rle.contains("size") ? rle["size"].dump() : "nothing", frame.width, frame.height));
  const Json counts = rle.contains("counts") ? rle["counts"] : Json();
  OutlineRuns runs;
  if (counts.is_string()) {
    runs = runs_of_string(counts.get<std::string>(), where);
  } else {
    if (!counts.is_array()) refuse_outline(where, "an RLE without 'counts'");
    for (const Json& one : counts) {
      if (!one.is_number_unsigned() || one.get<std::uint64_t>() > UINT32_MAX)
        refuse_outline(where, "an RLE with something that is no length");
      runs.push_back(one.get<std::uint32_t>());
    }
  }
  const std::uint64_t sum = std::accumulate(runs.begin(), runs.end(), std::uint64_t{0});
  const auto pixels = static_cast<std::uint64_t>(frame.width) * static_cast<std::uint64_t>(frame.height);
  if (sum != pixels)
    refuse_outline(where, fmt::format("an RLE of {} pixels for a picture of {}{}", sum, pixels,
                                      sum > pixels ? ": it overruns" : ""));
  return runs;
}

OutlinedObject object_of(const CocoAnnotation& one, const OutlineFrame& frame, const std::string& where) {
  OutlinedObject object{.label = to_size(one.label)};
  const auto outline = one.json.find("segmentation");
  if (outline == one.json.end() || outline->is_null()) refuse_outline(where, "no 'segmentation'");
  if (outline->is_object()) {
    object.runs = runs_of(*outline, frame, where);
    return object;
  }
  if (!outline->is_array() || outline->empty()) refuse_outline(where, "a 'segmentation' without polygons");
  for (const Json& polygon : *outline) {
    if (!polygon.is_array()) refuse_outline(where, "a 'segmentation' that is no list of polygons");
    std::vector<double> points = numbers_of(polygon, where);
    if (std::string fault = polygon_fault(points, frame); !fault.empty()) refuse_outline(where, std::move(fault));
    object.polygons.push_back(std::move(points));
  }
  return object;
}

/// As stated, else the picture's own; 0: it cannot be read.
OutlineFrame frame_of(const CocoImage& image, const std::string& folder) {
  if (image.width > 0 && image.height > 0) {
    if (!(image.width * image.height <= static_cast<double>(kMaxPixels)))
      throw data_error(image.name, fmt::format("a picture of {:g} x {:g} px", image.width, image.height),
                       fmt::format("at most {} pixels", kMaxPixels));
    return {static_cast<int>(std::lround(image.width)), static_cast<int>(std::lround(image.height))};
  }
  return frame_of_picture(folder, image.name);
}

std::vector<OutlinedPicture> outlined_file(const CocoFile& file, const std::string& root, const std::string& images,
                                           const std::vector<std::string>& classes) {
  const std::string folder = file.pictures_folder(images);
  const std::vector<std::int64_t> numbers = file.numbers_among(classes);
  std::vector<OutlinedPicture> pictures;
  for (const CocoImage& image : file.images())
    pictures.push_back({.picture = absolute_path_below(root, fs::path(folder) / image.name),
                        .where = fmt::format("{} ({})", file.path(), image.name),
                        .frame = frame_of(image, folder)});
  file.for_each_annotation([&](const CocoAnnotation& one) {
    OutlinedPicture& picture = pictures[one.image];
    if (picture.frame.width == 0) return;
    OutlinedObject object =
        object_of(one, picture.frame, fmt::format("{} ({})", one.where, file.images()[one.image].name));
    object.label = to_size(numbers[object.label]);
    picture.objects.push_back(std::move(object));
  });
  std::erase_if(pictures, [](const OutlinedPicture& one) { return one.frame.width == 0; });
  return pictures;
}

}  // namespace

DataParts open_coco_masks(const std::string& path, const std::string& images, const DataWatch& watch) {
  const CocoFile file(path, watch.faults);
  const std::string root = directory_of(path).string();
  std::vector<DatasetPtr> sets = outlined_datasets(root, {outlined_file(file, root, images, file.classes())},
                                                   file.classes(), Overlap::ignored, watch);
  return {.format = "COCO", .all = std::move(sets.front())};
}

DataParts open_coco_mask_folder(const std::string& path, const std::string& images, const DataWatch& watch) {
  const CocoParts files = coco_parts(path);
  if (!files.whole.empty()) return open_coco_masks(files.whole, images, watch);
  std::vector<std::string> classes;
  std::vector<std::vector<OutlinedPicture>> parts;
  for (const std::string& name : {files.train, files.validation, files.test}) {
    std::vector<OutlinedPicture>& part = parts.emplace_back();
    if (name.empty()) continue;
    const CocoFile file(name, watch.faults);
    if (classes.empty()) classes = file.classes();
    part = outlined_file(file, path, images, classes);
  }
  std::vector<DatasetPtr> sets = outlined_datasets(path, std::move(parts), classes, Overlap::ignored, watch);
  return {.format = "COCO", .train = sets[0], .validation = sets[1], .test = sets[2]};
}

}  // namespace enxerto
