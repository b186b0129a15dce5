#include "enxerto/tensorflow/held_value.h"

#include <cstring>
#include <utility>

#include "enxerto/base/to_size.h"

namespace enxerto {

DimensionOrder simplified(DimensionOrder order) {
  for (std::size_t i = 0; i < order.size(); ++i)
    if (order[i] != i) return order;
  return {};
}

std::size_t held_axis(const DimensionOrder& order, std::size_t axis) {
  for (std::size_t i = 0; i < order.size(); ++i)
    if (order[i] == axis) return i;
  return axis;
}

DimensionOrder behind_transpose(const DimensionOrder& order, const std::vector<std::size_t>& permutation) {
  DimensionOrder behind(permutation.size());
  for (std::size_t j = 0; j < permutation.size(); ++j) behind[held_axis(order, permutation[j])] = j;
  return simplified(std::move(behind));
}

DimensionOrder without_axes(const DimensionOrder& order, const std::vector<bool>& gone) {
  std::vector<std::size_t> rank(gone.size());
  std::size_t left = 0;
  for (std::size_t axis = 0; axis < gone.size(); ++axis) {
    rank[axis] = left;
    left += gone[axis] ? 0 : 1;
  }
  DimensionOrder kept;
  for (std::size_t i = 0; i < gone.size(); ++i) {
    const std::size_t axis = order.empty() ? i : order[i];
    if (!gone[axis]) kept.push_back(rank[axis]);
  }
  return simplified(std::move(kept));
}

Tensor in_order(const Tensor& tensor, const DimensionOrder& order) {
  if (order.empty() || tensor.size() == 0) return tensor;
  const std::size_t rank = order.size(), bytes = size_of(tensor.dtype());
  std::vector<std::size_t> strides(rank, bytes);
  for (std::size_t i = rank - 1; i-- > 0;) strides[i] = strides[i + 1] * to_size(tensor.shape()[i + 1]);
  Shape shape;
  for (const std::size_t axis : order) shape.push_back(tensor.shape()[axis]);
  TensorBuffer turned(tensor.dtype(), shape);
  std::vector<std::int64_t> index(rank, 0);
  std::byte* to = turned.data();
  for (std::size_t n = 0; n < tensor.size(); ++n, to += bytes) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < rank; ++i) from += to_size(index[i]) * strides[order[i]];
    std::memcpy(to, tensor.data() + from, bytes);
    for (std::size_t i = rank; i-- > 0;) {
      if (++index[i] < shape[i]) break;
      index[i] = 0;
    }
  }
  return std::move(turned).freeze();
}

}  // namespace enxerto
