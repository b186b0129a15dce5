#pragma once
#include <cstddef>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/graph/graph.h"

namespace enxerto::testing {

/// `tensors` under the names of the graph's inputs, in their order.
inline TensorMap named(const Graph& graph, const std::vector<Tensor>& tensors) {
  TensorMap map;
  for (std::size_t i = 0; i < tensors.size() && i < graph.inputs.size(); ++i) map.set(graph.inputs[i].name, tensors[i]);
  return map;
}

inline std::vector<Tensor> tensors_of(const TensorMap& map) {
  std::vector<Tensor> tensors;
  for (const auto& [name, tensor] : map) tensors.push_back(tensor);
  return tensors;
}

}  // namespace enxerto::testing
