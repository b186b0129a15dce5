#pragma once
#include <cstddef>

#include "enxerto/base/tensor.h"
#include "enxerto/features/extract.h"

namespace enxerto {

/// Rows `begin` to `end` of the features as one batch, (end - begin) + row shape of float32.
Tensor row_block(const Extracted& features, std::size_t begin, std::size_t end);

}  // namespace enxerto
