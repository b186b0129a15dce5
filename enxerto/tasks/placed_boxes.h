#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/data/box_target.h"

namespace enxerto {

/// Boxes in the network's input that follow the picture by `map`, its alignment (2, 3): of a turned box the extent of
/// its corners, cut at the border of the input of `width` x `height` px. Left out are crowds and boxes whose centre is
/// out of sight.
struct PlacedBoxes {
  std::vector<std::array<float, 4>> corners;  ///< left, top, right, bottom, px
  std::vector<std::int64_t> labels;
};
PlacedBoxes placed_boxes(std::span<const LabelledBox> boxes, const Tensor& map, double width, double height);

/// A box of the input in the picture: the opposite, for a map that turns nothing.
std::array<double, 4> in_picture(const std::array<float, 4>& corners, const Tensor& map);

}  // namespace enxerto
