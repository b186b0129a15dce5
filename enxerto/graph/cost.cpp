#include "enxerto/graph/cost.h"

#include <algorithm>
#include <map>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/crossing.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/recurrent.h"

namespace enxerto {
namespace {

std::uint64_t elements(const SymbolicShape& shape) { return element_count(of_one(shape)); }

/// Multiply-adds of the products with both weights, at each place of each example.
std::uint64_t products_of_recurrence(const Node& node, const ValueTypes& types) {
  const SymbolicShape& x = types.at(node.inputs[0]).shape;
  const std::uint64_t places = elements({x[0], x[1]});
  return places * (elements(types.at(node.inputs[1]).shape) + elements(types.at(node.inputs[2]).shape));
}

/// Multiply-adds for each element of the output.
std::uint64_t depth_of(const Node& node, const ValueTypes& types) {
  if (node.op == "Conv") {
    const SymbolicShape& weight = types.at(node.inputs[1]).shape;
    return elements({weight.begin() + 1, weight.end()});
  }
  if (node.op == "Gemm") {
    const bool transposed = attribute<std::int64_t>(node, "transA", 0) != 0;
    return elements({types.at(node.inputs[0]).shape[transposed ? 0 : 1]});
  }
  if (node.op == "MatMul") return elements({types.at(node.inputs[0]).shape.back()});
  return 0;
}

struct Parameter {
  Role role;
  std::uint64_t count, bytes;
};
using Parameters = std::map<std::string, Parameter, std::less<>>;

std::vector<StageCost> cost_of(const Graph& graph, const ValueTypes& types, Parameters parameters) {
  std::vector<StageCost> rows;
  const Crossing crossing(graph, types);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (rows.empty() || rows.back().stage != node.stage) {
      rows.push_back({.stage = node.stage});
      for (const std::string& name : crossing.at(i)) rows.back().entering_bytes += bytes_per_example(types.at(name));
    }
    StageCost& row = rows.back();
    if (recurrent_gates(node.op) > 0) row.flops += 2 * products_of_recurrence(node, types);
    if (!node.outputs.empty()) row.flops += 2 * elements(types.at(node.outputs[0]).shape) * depth_of(node, types);
    for (const std::string& input : node.inputs) {
      const auto parameter = parameters.find(input);
      if (parameter == parameters.end()) continue;
      if (is_trainable(parameter->second.role)) row.parameters += parameter->second.count;
      row.parameter_bytes += parameter->second.bytes;
      parameters.erase(parameter);
    }
  }
  return rows;
}

}  // namespace

std::vector<StageCost> cost(const Graph& graph) {
  Parameters parameters;
  const auto known = roles(graph);
  for (const auto& [name, tensor] : graph.parameters) {
    const auto role = known.find(name);
    parameters[name] = {role == known.end() ? Role::constant : role->second, tensor.size(), tensor.byte_size()};
  }
  return cost_of(graph, infer_shapes(graph), std::move(parameters));
}

std::vector<StageCost> cost(const Blueprint& blueprint) {
  Parameters parameters;
  for (const ParameterSpec& spec : blueprint.parameters) {
    const std::uint64_t count = element_count(spec.shape);
    parameters[spec.name] = {spec.role, count, count * size_of(spec.dtype)};
  }
  return cost_of(blueprint.graph, infer_shapes(blueprint), std::move(parameters));
}

std::uint64_t trainable_count(const Graph& graph) {
  const auto known = roles(graph);
  std::uint64_t count = 0;
  for (const auto& [name, tensor] : graph.parameters) {
    const auto role = known.find(name);
    if (role != known.end() && is_trainable(role->second)) count += tensor.size();
  }
  return count;
}

std::size_t cached_bytes(const Graph& graph, std::string_view stage) {
  if (graph.nodes.empty() || graph.nodes.front().stage == stage) return 0;
  std::size_t bytes = 0;
  for (const Value& value : cut_at_frontier(graph, stage).prefix.outputs)
    bytes += element_count(of_one(value.shape)) * size_of(value.dtype);
  return bytes;
}

StageCost total(const std::vector<StageCost>& rows) {
  StageCost sum{.stage = "total"};
  for (const StageCost& row : rows) {
    sum.flops += row.flops;
    sum.parameters += row.parameters;
    sum.parameter_bytes += row.parameter_bytes;
  }
  if (!rows.empty()) sum.entering_bytes = rows.front().entering_bytes;
  return sum;
}

}  // namespace enxerto
