#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "enxerto/base/dtype.h"
#include "enxerto/base/shape.h"

namespace enxerto {

/// To which lengths what varies is filled up: engines do well with few different shapes.
struct PadOptions {
  enum class Buckets {
    none,       ///< the longest of a batch as it is
    multiples,  ///< of `step`
    powers,     ///< `step`, twice, four times it ..
    eighths,    ///< multiples of `step` up to eight times it; beyond, eight lengths between a power of two and the next
  };
  Buckets buckets = Buckets::multiples;
  std::int64_t step = 8;

  /// The least length of a bucket that holds `length`; at least 1.
  std::int64_t padded(std::int64_t length) const;
};

/// `shape` with each size that varies (-1) as long as the longest of `count` examples, filled up.
template <typename ShapeOf>
Shape padded_shape(Shape shape, std::size_t count, const PadOptions& options, const ShapeOf& shape_of) {
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] >= 0) continue;
    for (std::size_t i = 0; i < count; ++i) shape[d] = std::max(shape[d], shape_of(i)[d]);
    shape[d] = options.padded(shape[d]);
  }
  return shape;
}

/// Sets all elements of `to`. Throws Error{data} for a type that no input has.
void fill(double value, DType dtype, std::span<std::byte> to);

/// Copies a block with `from` elements of `size` bytes along its dimensions into one of `to`, which is as long or
/// longer, or shorter (then the block is cropped), in each of them.
void copy_block(const std::byte* source, std::span<const std::int64_t> from, std::byte* target,
                std::span<const std::int64_t> to, std::size_t size);

}  // namespace enxerto
