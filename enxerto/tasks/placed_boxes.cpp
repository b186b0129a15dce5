#include "enxerto/tasks/placed_boxes.h"

#include <algorithm>
#include <cmath>

#include "enxerto/tasks/picture_map.h"

namespace enxerto {
namespace {

/// The extent of a box's corners after the map.
std::array<double, 4> moved_box(const PictureMap& m, const std::array<double, 4>& box) {
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
  const PictureMap m = picture_map(map);
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
  std::array<double, 4> box{};
  std::ranges::transform(corners, box.begin(), [](float value) { return static_cast<double>(value); });
  return moved_box(inverse_of(picture_map(map)), box);
}

}  // namespace enxerto
