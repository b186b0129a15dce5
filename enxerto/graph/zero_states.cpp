#include "enxerto/graph/zero_states.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_map>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/recurrent.h"

namespace enxerto {
namespace {

constexpr std::array<std::size_t, 2> kInitialStates{5, 6};
constexpr std::array<std::string_view, 6> kPassOn{"Slice", "Identity", "Expand", "Cast", "Unsqueeze", "Squeeze"};

using NodesByOutput = std::unordered_map<std::string_view, const Node*>;

bool is_zeros(const NodesByOutput& makers, std::string_view value) {
  const auto maker = makers.find(value);
  if (maker == makers.end()) return false;
  const Node& node = *maker->second;
  if (std::ranges::find(kPassOn, node.op) != kPassOn.end()) return is_zeros(makers, node.inputs.front());
  if (node.op != "ConstantOfShape") return false;
  const auto given = node.attributes.find("value");
  if (given == node.attributes.end()) return true;
  const auto* const tensor = std::get_if<Tensor>(&given->second);
  return tensor != nullptr && tensor->size() == 1 && tensor->to_float32().as<float>()[0] == 0;
}

}  // namespace

Graph without_zero_states(Graph graph) {
  NodesByOutput makers;
  for (const Node& node : graph.nodes)
    for (const std::string& output : node.outputs) makers.emplace(output, &node);
  bool changed = false;
  for (Node& node : graph.nodes) {
    if (recurrent_gates(node.op) == 0) continue;
    for (const std::size_t slot : kInitialStates) {
      if (slot >= node.inputs.size() || !is_zeros(makers, node.inputs[slot])) continue;
      node.inputs[slot].clear();
      changed = true;
    }
    while (!node.inputs.empty() && node.inputs.back().empty()) node.inputs.pop_back();
  }
  return changed ? without_dead_nodes(graph) : graph;
}

}  // namespace enxerto
