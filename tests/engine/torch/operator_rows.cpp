#include "tests/engine/torch/operator_rows.h"

#include <fmt/format.h>

#include <cmath>

#include "tests/zoo/formula.h"

namespace enxerto::testing {
namespace {

/// No two are equal, and none lies on a bend of a function.
Tensor numbers(const Operand& operand, std::size_t number, DType dtype) {
  std::vector<double> values(element_count(operand.shape));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double spread = std::fmod(0.618033988749895 * static_cast<double>(i + 1) + 0.3819 * (number + 0.37), 1.0);
    values[i] = operand.low + (operand.high - operand.low) * spread;
  }
  if (dtype == DType::f64) return Tensor::of<double>(operand.shape, values);
  return Tensor::of<float>(operand.shape, std::vector<float>(values.begin(), values.end()));
}

Tensor of_type(const Tensor& tensor, DType dtype) {
  return tensor.dtype() == DType::f64 && dtype == DType::f32 ? tensor.to_float32() : tensor;
}

}  // namespace

Graph graph_of(const OperatorCase& wanted, DType dtype) {
  Graph graph;
  graph.name = wanted.name;
  Node node{
      .name = "node", .op = wanted.op(), .stage = "all", .inputs = {}, .outputs = {}, .attributes = wanted.attributes};
  for (std::size_t i = 0; i < wanted.operands.size(); ++i) {
    node.inputs.push_back(fmt::format("x{}", i));
    graph.parameters.set(node.inputs.back(), numbers(wanted.operands[i], i, dtype));
  }
  for (const auto& [slot, tensor] : wanted.constants) {
    node.inputs.resize(std::max(node.inputs.size(), slot + 1));
    // A constant may stand before the operands (the condition of Where).
    if (!node.inputs[slot].empty()) node.inputs.insert(node.inputs.begin() + static_cast<std::ptrdiff_t>(slot), "");
    node.inputs[slot] = fmt::format("c{}", slot);
    graph.parameters.set(node.inputs[slot], of_type(tensor, dtype));
  }
  for (std::size_t i = 0; i < wanted.outputs; ++i) {
    node.outputs.push_back(fmt::format("y{}", i));
    graph.outputs.push_back({.name = node.outputs.back(), .dtype = dtype, .shape = {}});
  }
  graph.nodes.push_back(std::move(node));
  return graph;
}

std::vector<OperatorCase> operator_cases() {
  std::vector<OperatorCase> all;
  for (const auto& family :
       {elementwise_cases(), window_cases(), matrix_and_norm_cases(), moving_cases(), recurrent_cases()})
    all.insert(all.end(), family.begin(), family.end());
  return all;
}

}  // namespace enxerto::testing
