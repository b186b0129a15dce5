#pragma once
#include <array>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// An affine map of points, px: x' = m[0] x + m[1] y + m[2], y' = m[3] x + m[4] y + m[5].
using PictureMap = std::array<double, 6>;

/// The alignment (2, 3) of a picture. Throws Error{data} for another shape or type.
PictureMap picture_map(const Tensor& alignment);

/// The opposite. Throws Error{data} where there is none.
PictureMap inverse_of(const PictureMap& map);

std::array<double, 2> moved(const PictureMap& map, double x, double y);

}  // namespace enxerto
