#include "enxerto/graph/fold_shapes.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include <fmt/format.h>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/inference.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

Node constant_node(const Node& node, const std::string& name, Tensor value) {
  return {name, "Constant", node.stage, {}, {name}, {{"value", std::move(value)}}};
}

/// The shape as numbers of a Reshape, whose symbols are copied from `x` in place, or left open; nullopt where that
/// cannot say it.
std::optional<Ints> static_target(const Numbers& wanted, const SymbolicShape& x) {
  Ints target;
  bool open = std::any_of(wanted.values.begin(), wanted.values.end(),
                          [](const Number& number) { return !number.is_symbolic() && number.value == -1; });
  for (std::size_t i = 0; i < wanted.values.size(); ++i) {
    const Number& number = wanted.values[i];
    if (!number.is_symbolic()) {
      target.push_back(static_cast<std::int64_t>(number.value));
    } else if (i < x.size() && x[i] == Dim(number.symbol)) {
      target.push_back(0);
    } else if (!open) {
      target.push_back(-1);
      open = true;
    } else {
      return std::nullopt;
    }
  }
  return target;
}

/// What stands for the node in the folded graph: itself, a constant, or a Reshape and its shape.
std::vector<Node> folded(const Node& node, const Inference& known) {
  if (node.op == "Constant" || node.outputs.empty()) return {node};
  const Numbers* value = known.numbers(node.outputs[0]);
  const bool single =
      std::all_of(node.outputs.begin() + 1, node.outputs.end(), [](const auto& o) { return o.empty(); });
  if (single && value != nullptr && value->is_fixed()) {
    Node constant = constant_node(node, node.outputs[0], to_tensor(*value));
    constant.name = node.name;
    return {constant};
  }
  if (node.op != "Reshape" || attribute<std::int64_t>(node, "allowzero", 0) != 0) return {node};
  const Numbers* wanted = known.numbers(node.inputs[1]);
  if (wanted == nullptr || wanted->is_fixed()) return {node};
  const auto target = static_target(*wanted, known.type(node.inputs[0])->shape);
  if (!target) return {node};
  Node reshape = node;
  reshape.inputs[1] = fmt::format("{}/shape", node.name);
  const Shape length{static_cast<std::int64_t>(target->size())};
  return {constant_node(node, reshape.inputs[1], Tensor::of<std::int64_t>(length, *target)), reshape};
}

}  // namespace

Graph without_dead_nodes(const Graph& graph) {
  Graph alive{graph.name, graph.inputs, graph.outputs, {}, {}};
  std::unordered_set<std::string_view> needed;
  for (const Value& output : graph.outputs) needed.insert(output.name);
  for (auto node = graph.nodes.rbegin(); node != graph.nodes.rend(); ++node) {
    const bool used = std::any_of(node->outputs.begin(), node->outputs.end(),
                                  [&](const std::string& output) { return needed.contains(output); });
    if (!used) continue;
    needed.insert(node->inputs.begin(), node->inputs.end());
    alive.nodes.push_back(*node);
  }
  std::reverse(alive.nodes.begin(), alive.nodes.end());
  for (const auto& [name, tensor] : graph.parameters)
    if (needed.contains(name)) alive.parameters.set(name, tensor);
  return alive;
}

Graph fold_shapes(const Graph& graph) {
  Inference known;
  for (const auto& [name, tensor] : graph.parameters) known.add_parameter(name, tensor);
  for (const Value& input : graph.inputs) known.add_input(input);
  Graph result = graph;
  result.nodes.clear();
  for (const Node& node : graph.nodes) {
    known.add(node);
    for (Node& next : folded(node, known)) result.nodes.push_back(std::move(next));
  }
  return without_dead_nodes(result);
}

}  // namespace enxerto
