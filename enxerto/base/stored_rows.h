#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "enxerto/base/dtype.h"

namespace enxerto {

/// `Rows` in the precision that they are kept in: float32, or half the bytes as float16 or bfloat16.
struct StoredRows {
  DType dtype = DType::f32;  ///< f32, f16 or bf16
  std::size_t width = 0;
  std::vector<const std::byte*> row = {};  ///< each points at `width` values

  std::size_t size() const { return row.size(); }

  /// Row `i` as `width` floats. Safe from many threads.
  void copy(std::size_t i, std::span<float> to) const;
};

/// Rounds to the nearest, halves to even; `to` has the bytes of as many values. Throws Error{data} where a finite value
/// is beyond float16's 65504.
void to_stored(std::span<const float> values, DType dtype, std::span<std::byte> to);

}  // namespace enxerto
