#include "enxerto/pretrained/turned_matrix.h"

#include <cstdint>
#include <cstring>
#include <utility>

#include "enxerto/base/to_size.h"

namespace enxerto {

Tensor turned_matrix(const Tensor& matrix) {
  const std::int64_t rows = matrix.shape()[0], columns = matrix.shape()[1];
  TensorBuffer buffer(matrix.dtype(), {columns, rows});
  const std::size_t size = size_of(matrix.dtype());
  for (std::int64_t column = 0; column < columns; ++column)
    for (std::int64_t row = 0; row < rows; ++row)
      std::memcpy(buffer.data() + to_size(column * rows + row) * size,
                  matrix.data() + to_size(row * columns + column) * size, size);
  return std::move(buffer).freeze();
}

}  // namespace enxerto
