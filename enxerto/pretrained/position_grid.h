#pragma once
#include <cstdint>
#include <optional>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// How a source brings the position embeddings of a vision transformer to another number of patches. All are bicubic;
/// which one it is shows in the third digit of the outputs.
enum class PositionResampling {
  antialiased,       ///< timm: `interpolate(mode="bicubic", antialias=True)`, the cubic with a = -0.5
  plain,             ///< transformers: `interpolate(mode="bicubic")`, a = -0.75, no antialias
  corners,           ///< torchvision: the same with `align_corners=True`
  offset_by_a_tenth  ///< DINOv2's own code: the same as `plain`, the scale being (patches + 0.1) / patches of the file
};

/// a of a shape (1, 1 + a^2, width), a class token and then a square grid; nothing for other shapes.
std::optional<std::int64_t> position_side(const Shape& shape);

/// `positions` (1, 1 + a^2, width), a class token and then a square grid row by row, as `wanted`, (1, 1 + b^2, width).
/// The same tensor where it has that shape already, and where one of them is not of this form: then
/// `Blueprint::compare` reports it.
Tensor resample_positions(const Tensor& positions, const Shape& wanted, PositionResampling how);

}  // namespace enxerto
