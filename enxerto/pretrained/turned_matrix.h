#pragma once
#include "enxerto/base/tensor.h"

namespace enxerto {

/// (rows, columns) to (columns, rows), of any element type.
Tensor turned_matrix(const Tensor& matrix);

}  // namespace enxerto
