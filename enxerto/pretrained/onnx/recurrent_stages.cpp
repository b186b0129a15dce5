#include "enxerto/pretrained/onnx/recurrent_stages.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/graph/recurrent.h"
#include "enxerto/graph/zero_states.h"

namespace enxerto {
namespace {

Node turned_rows(const std::string& name, const std::string& x, const std::string& stage) {
  return {name, "Transpose", stage, {x}, {name}, {{"perm", std::vector<std::int64_t>{1, 0, 2}}}};
}

}  // namespace

Graph with_recurrent_stages(Graph graph) {
  const auto is_layer = [](const Node& node) { return recurrent_gates(node.op) > 0; };
  if (std::ranges::none_of(graph.nodes, is_layer)) return graph;
  graph = without_zero_states(std::move(graph));
  std::string stage = "embeddings";
  std::vector<Node> nodes;
  std::size_t layer = 0;
  for (Node& node : graph.nodes) {
    if (is_layer(node)) {
      const std::string rows = node.name + "/rows", steps = node.name + "/steps";
      nodes.push_back(turned_rows(rows, node.inputs.front(), stage));
      stage = fmt::format("rnn{}", layer++);
      nodes.push_back(turned_rows(steps, rows, stage));
      node.inputs.front() = steps;
    }
    node.stage = stage;
    nodes.push_back(std::move(node));
  }
  graph.nodes = std::move(nodes);
  return graph;
}

}  // namespace enxerto
