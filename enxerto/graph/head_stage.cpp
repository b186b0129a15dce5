#include "enxerto/graph/head_stage.h"

#include <algorithm>

namespace enxerto {

bool has_head(const Graph& graph) {
  return std::ranges::find(graph.nodes, kHeadStage, &Node::stage) != graph.nodes.end();
}

}  // namespace enxerto
