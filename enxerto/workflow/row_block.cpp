#include "enxerto/workflow/row_block.h"

#include <algorithm>
#include <utility>

namespace enxerto {

Tensor row_block(const Extracted& features, std::size_t begin, std::size_t end) {
  Shape shape{static_cast<std::int64_t>(end - begin)};
  shape.insert(shape.end(), features.row_shape.begin(), features.row_shape.end());
  TensorBuffer buffer(DType::f32, std::move(shape));
  float* to = buffer.as<float>().data();
  for (std::size_t row = begin; row < end; ++row) to = std::copy_n(features.rows.row[row], features.rows.width, to);
  return std::move(buffer).freeze();
}

}  // namespace enxerto
