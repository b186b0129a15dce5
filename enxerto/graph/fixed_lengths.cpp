#include "enxerto/graph/fixed_lengths.h"

#include <algorithm>
#include <cstddef>

namespace enxerto {

bool has_varying_lengths(const Graph& graph) {
  return std::ranges::any_of(graph.inputs, [](const Value& input) {
    return !input.shape.empty() &&
           std::any_of(input.shape.begin() + 1, input.shape.end(), [](const Dim& size) { return size.is_symbolic(); });
  });
}

Graph with_lengths(Graph graph, std::int64_t length) {
  for (Value& input : graph.inputs)
    for (std::size_t i = 1; i < input.shape.size(); ++i)
      if (input.shape[i].is_symbolic()) input.shape[i] = length;
  return graph;
}

}  // namespace enxerto
