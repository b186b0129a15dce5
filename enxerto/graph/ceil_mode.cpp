#include "enxerto/graph/ceil_mode.h"

#include <array>
#include <utility>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer.h"

namespace enxerto {
namespace {

bool rounds_up(const Node& node) {
  return (node.op == "MaxPool" || node.op == "AveragePool" || node.op == "LpPool") &&
         attribute<std::int64_t>(node, "ceil_mode", 0) != 0;
}

}  // namespace

Graph without_idle_ceil_mode(Graph graph) {
  bool any = false;
  for (const Node& node : graph.nodes) any |= rounds_up(node);
  if (!any) return graph;
  const ValueTypes types = infer_shapes(graph);
  for (Node& node : graph.nodes) {
    if (!rounds_up(node)) continue;
    Node down = node;
    down.attributes["ceil_mode"] = std::int64_t{0};
    const std::array<InferInput, 1> input{InferInput{.type = &types.at(node.inputs.at(0)), .constant = nullptr}};
    if (infer_node(down, input).at(0) == types.at(node.outputs.at(0))) node = std::move(down);
  }
  return graph;
}

}  // namespace enxerto
