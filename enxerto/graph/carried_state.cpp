#include "enxerto/graph/carried_state.h"

#include <array>
#include <string_view>
#include <utility>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/recurrent.h"

namespace enxerto {
namespace {

constexpr std::size_t kWeights = 1, kFirstState = 5;  // slots of ONNX's recurrent operators

/// Where a layer takes a state and where it leaves it.
struct StateSlot {
  std::string_view name;
  std::size_t input, output;
};
constexpr std::array kStateSlots{StateSlot{"h", kFirstState, 1}, StateSlot{"c", kFirstState + 1, 2}};

std::size_t states_of(const Node& node) { return node.op == "LSTM" ? 2 : 1; }

DType dtype_of_states(const Graph& graph, const Node& node) {
  const Tensor* const weights = graph.parameters.find(node.inputs.at(kWeights));
  return weights == nullptr ? DType::f32 : weights->dtype();
}

KeptState carry(Graph& graph, Node& node, const StateSlot& slot) {
  if (node.inputs.size() <= slot.input) node.inputs.resize(slot.input + 1);
  if (node.outputs.size() <= slot.output) node.outputs.resize(slot.output + 1);
  const std::string name = node.name + "." + std::string(slot.name);
  std::string& after = node.outputs[slot.output];
  if (after.empty()) after = name + ".after";
  node.inputs[slot.input] = name + ".before";
  const SymbolicShape shape{1, "batch", attribute<std::int64_t>(node, "hidden_size", 0)};
  const DType dtype = dtype_of_states(graph, node);
  graph.inputs.push_back({node.inputs[slot.input], dtype, shape});
  graph.outputs.push_back({after, dtype, shape});
  return {.input = node.inputs[slot.input], .output = after, .batch_dimension = 1};
}

}  // namespace

bool has_state_to_carry(const Node& node) {
  if (recurrent_gates(node.op) == 0 || attribute<std::string>(node, "direction", "forward") != "forward") return false;
  return node.inputs.size() <= kFirstState || node.inputs[kFirstState].empty();
}

CarryingGraph with_carried_states(Graph graph) {
  CarryingGraph result{.graph = std::move(graph), .carried = {}};
  for (Node& node : result.graph.nodes) {
    if (!has_state_to_carry(node)) continue;
    for (std::size_t i = 0; i < states_of(node); ++i)
      result.carried.push_back(carry(result.graph, node, kStateSlots.at(i)));
  }
  check(result.graph);
  return result;
}

}  // namespace enxerto
