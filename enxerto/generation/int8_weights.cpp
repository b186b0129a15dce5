#include "enxerto/generation/int8_weights.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/fold_shapes.h"

namespace enxerto {
namespace {

/// Numbers times a scale a row.
struct Rounded {
  Tensor numbers, scales;
};

Rounded rounded(const Tensor& weight) {
  constexpr float kMost = 127;
  const std::int64_t rows = weight.shape()[0];
  const std::size_t width = to_size(weight.shape()[1]);
  const auto values = weight.as<float>();
  TensorBuffer numbers(DType::i8, weight.shape()), scales(DType::f32, {rows});
  for (std::size_t row = 0; row < to_size(rows); ++row) {
    const auto own = values.subspan(row * width, width);
    float largest = 0;
    for (const float value : own) largest = std::max(largest, std::abs(value));
    const float scale = largest > 0 ? largest / kMost : 1;
    scales.as<float>()[row] = scale;
    for (std::size_t i = 0; i < width; ++i)
      numbers.as<std::int8_t>()[row * width + i] = static_cast<std::int8_t>(std::lround(own[i] / scale));
  }
  return {.numbers = std::move(numbers).freeze(), .scales = std::move(scales).freeze()};
}

}  // namespace

Graph with_int8_weights(const Graph& graph) {
  Graph small = graph;
  std::unordered_map<std::string, std::string> wide;  // by parameter, the value that stands for it
  std::vector<Node> nodes;
  for (Node& node : small.nodes) {
    const Tensor* const weight = node.op == "Transpose" ? graph.parameters.find(node.inputs[0]) : nullptr;
    if (weight != nullptr && weight->shape().size() == 2 && weight->dtype() == DType::f32) {
      const std::string name = node.inputs[0];
      if (!wide.contains(name)) {
        const Rounded numbers = rounded(*weight);
        small.parameters.set(name + ".int8", numbers.numbers);
        small.parameters.set(name + ".scale", numbers.scales);
        wide[name] = name + ".wide";
        nodes.push_back({.name = wide[name],
                         .op = "DequantizeLinear",
                         .stage = node.stage,
                         .inputs = {name + ".int8", name + ".scale"},
                         .outputs = {wide[name]},
                         .attributes = {{"axis", std::int64_t{0}}}});
      }
      node.inputs[0] = wide[name];
    }
    nodes.push_back(std::move(node));
  }
  small.nodes = std::move(nodes);
  return without_dead_nodes(small);
}

}  // namespace enxerto
