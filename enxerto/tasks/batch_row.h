#pragma once
#include <cstddef>
#include <cstdint>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// Row number `row` of a batch (n, ..), without the first dimension.
inline Tensor batch_row(const Tensor& batch, std::size_t row) {
  const auto at = static_cast<std::int64_t>(row);
  return batch.rows(at, at + 1).reshaped({batch.shape().begin() + 1, batch.shape().end()});
}

}  // namespace enxerto
