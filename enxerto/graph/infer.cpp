#include "enxerto/graph/infer.h"

#include <array>

#include <fmt/format.h>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"

namespace enxerto {
namespace {

InferRule rule_for(std::string_view op) {
  static const auto table = [] {
    std::unordered_map<std::string_view, InferRule> rules;
    for (const auto rows : {elementwise_rules(), window_rules(), matrix_rules(), layout_rules()}) {
      for (const InferRow& row : rows) rules.emplace(row.op, row.rule);
    }
    return rules;
  }();
  const auto row = table.find(op);
  return row == table.end() ? nullptr : row->second;
}

void infer_nodes(const Graph& graph, ValueTypes& types) {
  std::unordered_map<std::string_view, const Tensor*> constants;
  for (const auto& [name, tensor] : graph.parameters) constants.emplace(name, &tensor);
  for (const Value& input : graph.inputs) types[input.name] = {input.dtype, input.shape};
  for (const Node& node : graph.nodes) {
    std::vector<InferInput> inputs(node.inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (node.inputs[i].empty()) continue;
      const auto type = types.find(node.inputs[i]);
      if (type == types.end()) fail_inference(node, "unknown input '" + node.inputs[i] + "'", "a value");
      const auto constant = constants.find(node.inputs[i]);
      inputs[i] = {.type = &type->second, .constant = constant == constants.end() ? nullptr : constant->second};
    }
    const std::vector<ValueType> outputs = infer_node(node, inputs);
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i].empty()) continue;
      if (i >= outputs.size()) fail_inference(node, fmt::format("{} outputs", node.outputs.size()), "fewer");
      types[node.outputs[i]] = outputs[i];
    }
    if (node.op == "Constant" && !node.outputs.empty()) {
      constants.emplace(node.outputs[0], &required_attribute<Tensor>(node, "value"));
    }
  }
}

}  // namespace

ValueTypes infer_shapes(const Graph& graph) {
  ValueTypes types;
  for (const auto& [name, tensor] : graph.parameters) {
    types[name] = {tensor.dtype(), SymbolicShape(tensor.shape().begin(), tensor.shape().end())};
  }
  infer_nodes(graph, types);
  return types;
}

ValueTypes infer_shapes(const Blueprint& blueprint) {
  ValueTypes types;
  for (const ParameterSpec& spec : blueprint.parameters) {
    types[spec.name] = {spec.dtype, SymbolicShape(spec.shape.begin(), spec.shape.end())};
  }
  infer_nodes(blueprint.graph, types);
  return types;
}

std::vector<ValueType> infer_node(const Node& node, std::span<const InferInput> inputs) {
  const InferRule rule = rule_for(node.op);
  if (rule == nullptr) fail_inference(node, "an operation that is not known", "an operation with a row in the table");
  return rule(node, inputs);
}

bool is_known_operator(std::string_view op) { return rule_for(op) != nullptr; }

std::size_t bytes_per_example(const ValueType& type) {
  Shape shape;
  for (const Dim& dim : type.shape) shape.push_back(dim.is_symbolic() ? 1 : dim.size);
  return element_count(shape) * size_of(type.dtype);
}

}  // namespace enxerto
