#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// Height and width.
using MapSize = std::array<std::int64_t, 2>;

/// The class at the centre of each place of an input of `size` px, (height, width) of int64, -1 for none: nearest in
/// `mask` (height, width) of uint8, whose picture went to the input by `alignment` (2, 3). Places that the picture does
/// not reach have none. Throws Error{data} as `require_mask` and `picture_map`.
Tensor placed_mask(const Tensor& mask, const Tensor& alignment, MapSize size);

/// The scores of each class, (classes, rows, columns), of a network whose input has `input` px.
struct ScoreMaps {
  std::span<const float> values;
  std::int64_t classes = 0, rows = 0, columns = 0;
  MapSize input = {};
};

/// The class of the highest score at each pixel of a picture of `size`, (height, width) of uint8, where scores between
/// their places are bilinear (corners not aligned, as torch.nn.functional.interpolate with align_corners = False) and
/// outside of them those of the border; of equal ones the lower number. Throws Error{weights} for scores of another
/// number, Error{data} as `picture_map`.
Tensor class_map(const ScoreMaps& scores, const Tensor& alignment, MapSize size);

/// `map`, (height, width) of uint8, at another size: nearest.
Tensor resized_map(const Tensor& map, MapSize size);

}  // namespace enxerto
