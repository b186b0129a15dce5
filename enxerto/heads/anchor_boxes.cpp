#include "enxerto/heads/anchor_boxes.h"

#include <cmath>
#include <span>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

/// Around the origin, corners rounded to whole numbers, halves to even ones.
std::vector<std::array<float, 4>> boxes_around_origin(std::int64_t size) {
  constexpr double kThird = 1.0 / 3, kTwoThirds = 2.0 / 3;
  std::vector<std::array<float, 4>> boxes;
  for (const float ratio : {0.5F, 1.0F, 2.0F}) {
    const float higher = std::sqrt(ratio), wider = 1 / higher;
    for (const double power : {0.0, kThird, kTwoThirds}) {
      const auto scale = static_cast<float>(std::trunc(static_cast<double>(size) * std::exp2(power)));
      const float x = std::nearbyint(wider * scale / 2), y = std::nearbyint(higher * scale / 2);
      boxes.push_back({-x, -y, x, y});
    }
  }
  return boxes;
}

}  // namespace

Tensor anchor_boxes(const AnchorSpec& spec) {
  if (spec.grids.empty()) throw usage_error("anchors", "no map", "at least one");
  std::vector<float> values;
  std::int64_t size = spec.smallest;
  for (const auto& [rows, columns] : spec.grids) {
    const std::vector<std::array<float, 4>> boxes = boxes_around_origin(size);
    const std::int64_t step_y = spec.height / rows, step_x = spec.width / columns;
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t column = 0; column < columns; ++column) {
        const auto x = static_cast<float>(column * step_x), y = static_cast<float>(row * step_y);
        for (const auto& box : boxes) values.insert(values.end(), {x + box[0], y + box[1], x + box[2], y + box[3]});
      }
    }
    size *= 2;
  }
  return Tensor::of<float>({static_cast<std::int64_t>(values.size() / 4), 4}, std::span<const float>(values));
}

}  // namespace enxerto
