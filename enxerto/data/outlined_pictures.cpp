#include "enxerto/data/outlined_pictures.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/lower_case.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/box_faults.h"
#include "enxerto/data/file_list.h"
#include "enxerto/data/masked_pictures.h"
#include "enxerto/data/readable_size.h"

namespace enxerto {
namespace {

constexpr std::uint16_t kBackground = 0, kSeveral = 65535;

bool is_background(std::string_view name) {
  const std::string lower = lower_case(name);
  return lower == "background" || lower == "_background_";
}

/// By place among the names.
using LabelValues = std::vector<std::uint16_t>;

LabelValues values_of_labels(const std::vector<std::string>& names) {
  LabelValues values;
  for (std::size_t i = 0; i < names.size(); ++i)
    values.push_back(is_background(names[i]) ? kBackground : static_cast<std::uint16_t>(i + 1));
  return values;
}

MaskNames names_of_values(const std::vector<std::string>& names, const LabelValues& values, const std::string& where) {
  MaskNames known{.where = where};
  for (std::size_t i = 0; i < names.size(); ++i) {
    known.of_value.emplace(values[i], names[i]);
    known.in_words.emplace(values[i], fmt::format("'{}'", names[i]));
  }
  known.of_value.emplace(kBackground, "background");
  known.of_value.emplace(kSeveral, "ignore");
  known.in_words.emplace(kSeveral, "where objects of several classes overlap");
  return known;
}

void paint(NumberedPicture& mask, const OutlineRuns& runs, std::uint16_t value, Overlap overlap) {
  for_each_pixel(runs, {mask.width, mask.height}, [&](int x, int y) {
    std::uint16_t& pixel = mask.numbers[to_size(y) * to_size(mask.width) + to_size(x)];
    const bool taken = overlap == Overlap::ignored && pixel != kBackground && pixel != value;
    pixel = taken ? kSeveral : value;
  });
}

NumberedPicture painted(const OutlinedPicture& picture, const LabelValues& values, Overlap overlap) {
  const OutlineFrame& frame = picture.frame;
  NumberedPicture mask{.width = frame.width,
                       .height = frame.height,
                       .numbers = std::vector<std::uint16_t>(to_size(frame.width) * to_size(frame.height))};
  for (const OutlinedObject& object : picture.objects) {
    const std::uint16_t value = values[object.label];
    if (object.polygons.empty()) paint(mask, object.runs, value, overlap);
    for (const std::vector<double>& polygon : object.polygons)
      paint(mask, polygon_runs(polygon, frame), value, overlap);
  }
  return mask;
}

}  // namespace

std::vector<DatasetPtr> outlined_datasets(const std::string& root, std::vector<std::vector<OutlinedPicture>> parts,
                                          const std::vector<std::string>& names, Overlap overlap,
                                          const DataWatch& watch) {
  const auto values = std::make_shared<const LabelValues>(values_of_labels(names));
  std::vector<std::vector<MaskedPicture>> pictures;
  for (std::vector<OutlinedPicture>& part : parts) {
    std::vector<MaskedPicture>& of_part = pictures.emplace_back();
    for (OutlinedPicture& one : part) {
      const auto kept = std::make_shared<const OutlinedPicture>(std::move(one));
      of_part.push_back(
          {.picture = kept->picture, .mask = kept->where, .made = [kept, values, overlap](const Example& picture) {
             // Before anything is drawn: a file may claim a size of gigabytes.
             require_same_size({kept->frame.width, kept->frame.height}, kept->where, picture);
             return painted(*kept, *values, overlap);
           }});
    }
  }
  return masked_datasets(root, pictures, names_of_values(names, *values, root), watch);
}

OutlineFrame frame_of_picture(const std::string& root, const std::string& path) {
  FileList picture(root);
  picture.add_path(path);
  const std::optional<PictureSize> size = readable_size(*picture.example(0));
  return size ? OutlineFrame{size->width, size->height} : OutlineFrame{};
}

std::string polygon_fault(const std::vector<double>& points, const OutlineFrame& frame) {
  constexpr std::size_t kFewestNumbers = 6;
  if (points.size() < kFewestNumbers || points.size() % 2 != 0)
    return fmt::format("a polygon of {} numbers, not of x and y of three points or more", points.size());
  const double slack = pixel_frame(frame.width, frame.height).slack;
  for (std::size_t i = 0; i < points.size(); i += 2) {
    const double x = points[i], y = points[i + 1];
    if (!std::isfinite(x) || !std::isfinite(y)) return "a point of a polygon that is not finite";
    if (x < -slack || y < -slack || x > frame.width + slack || y > frame.height + slack)
      return fmt::format("a polygon with the point ({:g}, {:g}), beyond the picture's {} x {}", x, y, frame.width,
                         frame.height);
  }
  return "";
}

}  // namespace enxerto
