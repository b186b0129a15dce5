#include "enxerto/graph/fans.h"

#include <cstdint>

#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

/// Weights (out, in / groups, ..) of a convolution; (in, out / groups, ..) of a transposed one.
Fans of_convolution(const Node& node, const Shape& shape) {
  double window = 1;
  for (std::size_t i = 2; i < shape.size(); ++i) window *= static_cast<double>(shape[i]);
  const auto groups = static_cast<double>(attribute<std::int64_t>(node, "group", 1));
  const double grouped = static_cast<double>(shape[0]) / groups * window;
  const double other = static_cast<double>(shape[1]) * window;
  return node.op == "ConvTranspose" ? Fans{.in = grouped, .out = other} : Fans{.in = other, .out = grouped};
}

/// True where rows of the matrix are inputs, not outputs.
bool rows_are_inputs(const ParameterUse& use) {
  if (use.node->op == "MatMul") return use.slot == 1;
  return use.node->op == "Gemm" && attribute<std::int64_t>(*use.node, "transB", 0) == 0;
}

}  // namespace

std::map<std::string, ParameterUse, std::less<>> first_uses(const Graph& graph) {
  std::map<std::string, ParameterUse, std::less<>> uses;
  for (const Node& node : graph.nodes)
    for (std::size_t slot = 0; slot < node.inputs.size(); ++slot)
      uses.try_emplace(node.inputs[slot], ParameterUse{.node = &node, .slot = slot});
  return uses;
}

Fans fans_of(const ParameterUse& use, const Shape& shape) {
  if (use.node->op == "Conv" || use.node->op == "ConvTranspose") return of_convolution(*use.node, shape);
  const auto rows = static_cast<double>(shape[shape.size() - 2]), columns = static_cast<double>(shape.back());
  return rows_are_inputs(use) ? Fans{.in = rows, .out = columns} : Fans{.in = columns, .out = rows};
}

}  // namespace enxerto
