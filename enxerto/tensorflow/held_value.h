#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// Which dimension of a value in the file each dimension of the value in the graph is; empty where they are the same.
/// TensorFlow's maps (batch, height, width, channels) are held as (0, 3, 1, 2).
using DimensionOrder = std::vector<std::size_t>;

/// A value of the file as it is held here. A Transpose in the file only changes the order; one is written where an
/// operation needs the dimensions in another order than they are in.
struct HeldValue {
  std::string name;              ///< in the graph; of a constant its own
  DimensionOrder order = {};     ///< of what varies
  std::optional<Tensor> tensor;  ///< of a constant, which is written where it is used

  bool operator==(const HeldValue& other) const { return name == other.name && order == other.order; }
};

/// `order`, empty where every dimension is in its place.
DimensionOrder simplified(DimensionOrder order);

/// The dimension of the graph's value that is the file's dimension `axis`.
std::size_t held_axis(const DimensionOrder& order, std::size_t axis);

/// The order of a value of which the file takes a Transpose by `permutation`, while what is held stays.
DimensionOrder behind_transpose(const DimensionOrder& order, const std::vector<std::size_t>& permutation);

/// The order of what is left where the file's dimensions for which `gone` is true are taken out.
DimensionOrder without_axes(const DimensionOrder& order, const std::vector<bool>& gone);

/// The constant with its dimensions in that order, of the same rank.
Tensor in_order(const Tensor& tensor, const DimensionOrder& order);

/// The same sizes in the order that they have in the file.
template <typename Sizes>
Sizes as_in_file(const Sizes& held, const DimensionOrder& order) {
  if (order.empty()) return held;
  Sizes sizes = held;
  for (std::size_t i = 0; i < order.size(); ++i) sizes[order[i]] = held[i];
  return sizes;
}

}  // namespace enxerto
