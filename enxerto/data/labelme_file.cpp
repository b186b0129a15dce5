#include "enxerto/data/labelme_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <ios>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/data/outlined_pictures.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/json.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostLabelmeBytes = std::size_t{1} << 28;  // the picture may be in it
constexpr int kLargestSide = 1 << 16;

using ShapePoints = std::vector<double>;

/// left, top and right, bottom to four corners.
ShapePoints corners_of(const ShapePoints& points) {
  return {points[0], points[1], points[2], points[1], points[2], points[3], points[0], points[3]};
}

/// The centre and a point of the circle to points of it.
ShapePoints around(const ShapePoints& points) {
  constexpr int kCorners = 64;
  const double radius = std::hypot(points[2] - points[0], points[3] - points[1]);
  ShapePoints circle;
  for (int i = 0; i < kCorners; ++i) {
    const double angle = 2 * std::numbers::pi * i / kCorners;
    circle.push_back(points[0] + radius * std::cos(angle));
    circle.push_back(points[1] + radius * std::sin(angle));
  }
  return circle;
}

/// What of it is in the picture.
void cut_off(ShapePoints& circle, const OutlineFrame& frame) {
  for (std::size_t i = 0; i < circle.size(); ++i) {
    const double most = i % 2 == 0 ? frame.width : frame.height;
    if (std::isfinite(circle[i])) circle[i] = std::clamp(circle[i], 0.0, most);
  }
}

ShapePoints as_they_are(const ShapePoints& points) { return points; }

/// A kind of shape that has an area.
struct ShapeKind {
  std::string_view name;
  std::size_t numbers;  ///< that it has; 0: any
  ShapePoints (*polygon)(const ShapePoints& points);
};
constexpr std::array<ShapeKind, 3> kShapeKinds{
    {{"polygon", 0, as_they_are}, {"rectangle", 4, corners_of}, {"circle", 4, around}}};

ShapePoints points_of(const Json& shape, const std::string& where) {
  ShapePoints points;
  for (const auto& point : member<std::vector<std::vector<double>>>(shape, "points", where)) {
    if (point.size() != 2) throw data_error(where, fmt::format("a point of {} numbers", point.size()), "x and y");
    points.insert(points.end(), point.begin(), point.end());
  }
  return points;
}

LabelmeShape shape_of(const Json& json, const OutlineFrame& frame, const std::string& where) {
  LabelmeShape shape{.label = member<std::string>(json, "label", where), .where = where, .points = {}};
  if (shape.label.find_first_not_of(' ') == std::string::npos)
    throw data_error(where, "a shape without a label", "the name of its class", "label it, or remove it");
  const std::string type = json.contains("shape_type") ? member<std::string>(json, "shape_type", where) : "polygon";
  const auto* const kind = std::ranges::find(kShapeKinds, type, &ShapeKind::name);
  if (kind == kShapeKinds.end())
    throw data_error(where, fmt::format("'{}' is a shape of the type '{}'", shape.label, type),
                     "a polygon, a rectangle or a circle", "draw it as a polygon, or remove it");
  shape.rectangle = type == "rectangle";
  const ShapePoints points = points_of(json, where);
  if (kind->numbers > 0 && points.size() != kind->numbers)
    throw data_error(where, fmt::format("a {} of {} points", type, points.size() / 2), "two points");
  shape.points = kind->polygon(points);
  if (kind->polygon == around) cut_off(shape.points, frame);
  if (std::string fault = polygon_fault(shape.points, frame); !fault.empty())
    throw data_error(where, fmt::format("'{}': {}", shape.label, fault), "a shape with an area, inside its picture",
                     "correct it, or remove it");
  return shape;
}

}  // namespace

bool is_labelme_file(const std::string& path) {
  constexpr std::size_t kLooked = 1 << 14;
  if (!path.ends_with(".json") || !is_file(path)) return false;
  std::string head(kLooked, '\0');
  std::ifstream(path, std::ios::binary).read(head.data(), static_cast<std::streamsize>(head.size()));
  return head.find("\"shapes\"") != std::string::npos;
}

LabelmeFile read_labelme_file(const std::string& path, DataFaults& faults) {
  const Json json = read_json(path, kMostLabelmeBytes);
  LabelmeFile file{.picture = member<std::string>(json, "imagePath", path)};
  std::ranges::replace(file.picture, '\\', '/');
  file.frame = {member<int>(json, "imageWidth", path), member<int>(json, "imageHeight", path)};
  if (file.frame.width < 1 || file.frame.height < 1 || file.frame.width > kLargestSide ||
      file.frame.height > kLargestSide)
    throw data_error(path, fmt::format("a picture of {} x {} px", file.frame.width, file.frame.height),
                     "imageWidth and imageHeight in pixels");
  const Json& shapes = json.contains("shapes") ? json["shapes"] : Json();
  if (!shapes.is_array()) throw data_error(path, "no list 'shapes'", "a file as LabelMe writes it");
  std::size_t number = 0;
  for (const Json& shape : shapes) {
    const std::string where = fmt::format("{}: shape {}", path, ++number);
    going_on(faults, [&] { file.shapes.push_back(shape_of(shape, file.frame, where)); });
  }
  return file;
}

}  // namespace enxerto
