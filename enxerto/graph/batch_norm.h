#pragma once
#include <algorithm>

#include "enxerto/graph/graph.h"

namespace enxerto {

inline bool has_batch_norm(const Graph& graph) {
  return std::ranges::any_of(graph.nodes, [](const Node& node) { return node.op == "BatchNormalization"; });
}

}  // namespace enxerto
