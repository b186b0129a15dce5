#include "enxerto/data/labelme_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <ios>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/data/labelled_shapes.h"
#include "enxerto/files/is_file.h"
#include "enxerto/files/json.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostLabelmeBytes = std::size_t{1} << 28;  // the picture may be in it
using ShapePoints = std::vector<double>;

ShapePoints as_they_are(const ShapePoints& points, const OutlineFrame& /*frame*/, const std::string& /*where*/) {
  return points;
}

ShapePoints corners(const ShapePoints& points, const OutlineFrame& /*frame*/, const std::string& /*where*/) {
  return corners_of_box(points[0], points[1], points[2], points[3]);
}

/// Of the centre and a point of it.
ShapePoints circle(const ShapePoints& points, const OutlineFrame& frame, const std::string& where) {
  const double radius = std::hypot(points[2] - points[0], points[3] - points[1]);
  return polygon_of_ellipse({.x = points[0], .y = points[1], .across = radius, .down = radius}, frame, where);
}

/// A kind of shape that has an area.
struct ShapeKind {
  std::string_view name;
  std::size_t numbers;  ///< that it has; 0: any
  ShapePoints (*polygon)(const ShapePoints& points, const OutlineFrame& frame, const std::string& where);
};
constexpr std::array<ShapeKind, 3> kShapeKinds{
    {{"polygon", 0, as_they_are}, {"rectangle", 4, corners}, {"circle", 4, circle}}};

ShapePoints points_of(const Json& shape, const std::string& where) {
  ShapePoints points;
  for (const auto& point : member<std::vector<std::vector<double>>>(shape, "points", where)) {
    if (point.size() != 2) throw data_error(where, fmt::format("a point of {} numbers", point.size()), "x and y");
    points.insert(points.end(), point.begin(), point.end());
  }
  return points;
}

LabelledShape shape_of(const Json& json, const OutlineFrame& frame, const std::string& where) {
  LabelledShape shape{.label = member<std::string>(json, "label", where), .where = where};
  const std::string type = json.contains("shape_type") ? member<std::string>(json, "shape_type", where) : "polygon";
  const auto* const kind = std::ranges::find(kShapeKinds, type, &ShapeKind::name);
  if (kind == kShapeKinds.end())
    throw data_error(where, fmt::format("'{}' is a shape of the type '{}'", shape.label, type),
                     "a polygon, a rectangle or a circle", "draw it as a polygon, or remove it");
  shape.rectangle = type == "rectangle";
  const ShapePoints points = points_of(json, where);
  if (kind->numbers > 0 && points.size() != kind->numbers)
    throw data_error(where, fmt::format("a {} of {} points", type, points.size() / 2), "two points");
  shape.points = kind->polygon(points, frame, where);
  require_shape(shape, frame);
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
  file.frame = frame_of_sides(member<int>(json, "imageWidth", path), member<int>(json, "imageHeight", path), path);
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
