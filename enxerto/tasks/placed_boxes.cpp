#include "enxerto/tasks/placed_boxes.h"

#include <algorithm>
#include <cmath>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

constexpr std::size_t kAffine = 6;

std::array<double, kAffine> affine_of(const Tensor& map) {
  if (map.shape() != Shape{2, 3} || map.dtype() != DType::f32)
    throw data_error("alignment", "a map " + to_string(map.shape()), "(2, 3) of float32, that of a picture");
  std::array<double, kAffine> values{};
  for (std::size_t i = 0; i < kAffine; ++i) values[i] = static_cast<double>(map.as<float>()[i]);
  return values;
}

std::array<double, 2> moved(const std::array<double, kAffine>& m, double x, double y) {
  return {m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]};
}

/// The extent of a box's corners after the map.
std::array<double, 4> moved_box(const std::array<double, kAffine>& m, const std::array<double, 4>& box) {
  std::array<double, 4> extent{HUGE_VAL, HUGE_VAL, -HUGE_VAL, -HUGE_VAL};
  for (const double x : {box[0], box[2]}) {
    for (const double y : {box[1], box[3]}) {
      const auto [u, v] = moved(m, x, y);
      extent = {std::min(extent[0], u), std::min(extent[1], v), std::max(extent[2], u), std::max(extent[3], v)};
    }
  }
  return extent;
}

}  // namespace

PlacedBoxes placed_boxes(std::span<const LabelledBox> boxes, const Tensor& map, double width, double height) {
  constexpr double kLeast = 1;  // px: less shows nothing
  const std::array<double, kAffine> m = affine_of(map);
  PlacedBoxes placed;
  for (const LabelledBox& box : boxes) {
    if (box.crowd) continue;
    const auto [x, y] = moved(m, (box.left + box.right) / 2, (box.top + box.bottom) / 2);
    if (x < 0 || y < 0 || x > width || y > height) continue;
    const auto extent = moved_box(m, {box.left, box.top, box.right, box.bottom});
    const double left = std::max(extent[0], 0.0), top = std::max(extent[1], 0.0);
    const double right = std::min(extent[2], width), bottom = std::min(extent[3], height);
    if (right - left < kLeast || bottom - top < kLeast) continue;
    placed.corners.push_back(
        {static_cast<float>(left), static_cast<float>(top), static_cast<float>(right), static_cast<float>(bottom)});
    placed.labels.push_back(box.label);
  }
  return placed;
}

std::array<double, 4> in_picture(const std::array<float, 4>& corners, const Tensor& map) {
  const std::array<double, kAffine> m = affine_of(map);
  const double determinant = m[0] * m[4] - m[1] * m[3];
  if (determinant == 0 || !std::isfinite(determinant))
    throw data_error("alignment", "a map that cannot be inverted", "an invertible affine map");
  const std::array<double, kAffine> inverse{
      m[4] / determinant,  -m[1] / determinant, (m[1] * m[5] - m[4] * m[2]) / determinant,
      -m[3] / determinant, m[0] / determinant,  (m[3] * m[2] - m[0] * m[5]) / determinant};
  std::array<double, 4> box{};
  std::ranges::transform(corners, box.begin(), [](float value) { return static_cast<double>(value); });
  return moved_box(inverse, box);
}

}  // namespace enxerto
