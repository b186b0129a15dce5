#include "enxerto/graph/infer.h"

#include <array>

#include <fmt/format.h>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer_rules.h"
#include "enxerto/graph/inference.h"

namespace enxerto {
namespace {

InferRule rule_for(std::string_view op) {
  static const auto table = [] {
    std::unordered_map<std::string_view, InferRule> rules;
    for (const auto rows : {elementwise_rules(), window_rules(), matrix_rules(), layout_rules(), select_rules(),
                            unary_rules(), logic_rules(), index_rules(), shape_rules(), reduce_rules(),
                            resample_rules(), einsum_rules(), recurrent_rules(), training_rules()}) {
      for (const InferRow& row : rows) rules.emplace(row.op, row.rule);
    }
    return rules;
  }();
  const auto row = table.find(op);
  return row == table.end() ? nullptr : row->second;
}

ValueTypes infer_nodes(const Graph& graph, Inference inference) {
  for (const Value& input : graph.inputs) inference.add_input(input);
  for (const Node& node : graph.nodes) inference.add(node);
  return inference.types();
}

}  // namespace

ValueTypes infer_shapes(const Graph& graph) {
  Inference inference;
  for (const auto& [name, tensor] : graph.parameters) inference.add_parameter(name, tensor);
  return infer_nodes(graph, std::move(inference));
}

ValueTypes infer_shapes(const Blueprint& blueprint) {
  Inference inference;
  for (const ParameterSpec& spec : blueprint.parameters) inference.add_parameter(spec);
  return infer_nodes(blueprint.graph, std::move(inference));
}

std::vector<ValueType> infer_node(const Node& node, std::span<const InferInput> inputs) {
  const InferRule rule = rule_for(node.op);
  if (rule == nullptr) fail_inference(node, "an unknown operator", "a supported operator");
  return rule(node, inputs);
}

bool is_known_operator(std::string_view op) { return rule_for(op) != nullptr; }

std::size_t bytes_per_example(const ValueType& type) { return element_count(of_one(type.shape)) * size_of(type.dtype); }

}  // namespace enxerto
