#pragma once
#include <cstddef>
#include <vector>

#include "enxerto/base/input_spec.h"

namespace enxerto {

/// The named values that are kept of each example, in their order.
struct RowLayout {
  std::vector<InputSpec> values = {};

  /// No dimension of any value varies: records are all of one size.
  bool fixed() const;

  /// One value of float32 with a fixed shape: records are the rows of a matrix.
  bool is_matrix() const;

  bool operator==(const RowLayout&) const = default;
};

/// The type that a value is kept in: `storage` (f32, f16 or bf16) where it is float32, else its own.
DType stored_type(const InputSpec& value, DType storage);

}  // namespace enxerto
