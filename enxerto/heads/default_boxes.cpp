#include "enxerto/heads/default_boxes.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

struct Side {
  float width, height;  ///< shares of the input
};

/// One scale a map, and one behind the last, which is the whole input.
std::vector<double> scales_of(const DefaultBoxSpec& spec) {
  const std::size_t maps = spec.grids.size();
  if (maps == 1) return {spec.smallest, spec.largest};
  std::vector<double> scales;
  for (std::size_t k = 0; k < maps; ++k)
    scales.push_back(spec.smallest +
                     (spec.largest - spec.smallest) * static_cast<double>(k) / (static_cast<double>(maps) - 1.0));
  scales.push_back(1);
  return scales;
}

std::vector<Side> sides_of(const DefaultBoxSpec& spec, double scale, double next) {
  const auto side = [](double width, double height) {
    return Side{std::min(static_cast<float>(width), 1.0F), std::min(static_cast<float>(height), 1.0F)};
  };
  const double between = std::sqrt(scale * next);
  std::vector<Side> sides{side(scale, scale), side(between, between)};
  for (const double ratio : spec.aspect_ratios) {
    const double root = std::sqrt(ratio);
    sides.push_back(side(scale * root, scale / root));
    sides.push_back(side(scale / root, scale * root));
  }
  return sides;
}

}  // namespace

Tensor default_boxes(const DefaultBoxSpec& spec) {
  if (spec.grids.empty()) throw usage_error("default boxes", "no map", "at least one");
  constexpr float kHalf = 0.5F;
  const std::vector<double> scales = scales_of(spec);
  std::vector<float> values;
  for (std::size_t k = 0; k < spec.grids.size(); ++k) {
    const std::vector<Side> sides = sides_of(spec, scales[k], scales[k + 1]);
    const auto [rows, columns] = spec.grids[k];
    for (std::int64_t row = 0; row < rows; ++row) {
      const float y = (static_cast<float>(row) + kHalf) / static_cast<float>(rows);
      for (std::int64_t column = 0; column < columns; ++column) {
        const float x = (static_cast<float>(column) + kHalf) / static_cast<float>(columns);
        for (const Side& side : sides) {
          values.push_back((x - kHalf * side.width) * static_cast<float>(spec.width));
          values.push_back((y - kHalf * side.height) * static_cast<float>(spec.height));
          values.push_back((x + kHalf * side.width) * static_cast<float>(spec.width));
          values.push_back((y + kHalf * side.height) * static_cast<float>(spec.height));
        }
      }
    }
  }
  return Tensor::of<float>({static_cast<std::int64_t>(values.size() / 4), 4}, std::span<const float>(values));
}

}  // namespace enxerto
