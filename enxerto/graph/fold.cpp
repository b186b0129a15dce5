#include "enxerto/graph/fold.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/attributes.h"

namespace enxerto {
namespace {

using Uses = std::unordered_map<std::string_view, std::size_t>;

Uses count_uses(const Graph& graph) {
  Uses uses;
  for (const Node& node : graph.nodes) {
    for (const std::string& input : node.inputs) ++uses[input];
  }
  for (const Value& output : graph.outputs) ++uses[output.name];
  return uses;
}

/// y = x * scale + shift, a channel.
struct Affine {
  std::vector<double> scale, shift;
};

bool is_float(const Tensor* tensor, std::size_t count) {
  return tensor != nullptr && tensor->dtype() == DType::f32 && tensor->size() == count;
}

Affine affine_of(const Graph& graph, const Node& norm) {
  const auto epsilon = static_cast<double>(attribute<float>(norm, "epsilon", 1e-5F));
  const auto gamma = graph.parameters.at(norm.inputs[1]).as<float>();
  const auto beta = graph.parameters.at(norm.inputs[2]).as<float>();
  const auto mean = graph.parameters.at(norm.inputs[3]).as<float>();
  const auto variance = graph.parameters.at(norm.inputs[4]).as<float>();
  Affine affine;
  for (std::size_t c = 0; c < gamma.size(); ++c) {
    const double scale = gamma[c] / std::sqrt(variance[c] + epsilon);
    affine.scale.push_back(scale);
    affine.shift.push_back(beta[c] - mean[c] * scale);
  }
  return affine;
}

/// True where the weight's outermost dimension is the output channel, and scaling it is all that is needed.
bool is_foldable_layer(const Graph& graph, const Node& layer, const Uses& uses) {
  if ((layer.op != "Conv" && layer.op != "Gemm") || layer.inputs.size() < 2) return false;
  if (layer.op == "Gemm" && (attribute<std::int64_t>(layer, "transB", 0) == 0 ||
                             attribute<float>(layer, "alpha", 1) != 1 || attribute<float>(layer, "beta", 1) != 1)) {
    return false;
  }
  if (layer.outputs.size() != 1 || uses.at(layer.outputs[0]) != 1) return false;
  const Tensor* weight = graph.parameters.find(layer.inputs[1]);
  if (weight == nullptr || weight->dtype() != DType::f32 || uses.at(layer.inputs[1]) != 1) return false;
  if (weight->size() == 0 || weight->shape().empty()) return false;
  if (layer.inputs.size() < 3 || layer.inputs[2].empty()) return true;
  return is_float(graph.parameters.find(layer.inputs[2]), to_size(weight->shape()[0])) && uses.at(layer.inputs[2]) == 1;
}

bool is_foldable_norm(const Graph& graph, const Node& norm, const Node& layer) {
  if (norm.outputs.size() != 1 || attribute<std::int64_t>(norm, "training_mode", 0) != 0) return false;
  const auto count = to_size(graph.parameters.at(layer.inputs[1]).shape()[0]);
  return std::all_of(norm.inputs.begin() + 1, norm.inputs.end(),
                     [&](const std::string& name) { return is_float(graph.parameters.find(name), count); });
}

Tensor scaled(const Tensor& weight, const std::vector<double>& scale) {
  TensorBuffer buffer(DType::f32, weight.shape());
  const auto from = weight.as<float>();
  const auto to = buffer.as<float>();
  const std::size_t row = from.size() / scale.size();
  for (std::size_t i = 0; i < from.size(); ++i) to[i] = static_cast<float>(from[i] * scale[i / row]);
  return std::move(buffer).freeze();
}

Tensor shifted(const Tensor* bias, const Affine& affine) {
  TensorBuffer buffer(DType::f32, {static_cast<std::int64_t>(affine.scale.size())});
  const auto to = buffer.as<float>();
  for (std::size_t c = 0; c < to.size(); ++c) {
    const double before = bias == nullptr ? 0 : static_cast<double>(bias->as<float>()[c]);
    to[c] = static_cast<float>(before * affine.scale[c] + affine.shift[c]);
  }
  return std::move(buffer).freeze();
}

std::string bias_name(const Graph& graph, const std::string& weight) {
  const std::string_view ending = ".weight";
  std::string name = weight.ends_with(ending) ? weight.substr(0, weight.size() - ending.size()) : weight;
  name += ".bias";
  while (graph.parameters.contains(name)) name += "_folded";
  return name;
}

void fold(Graph& graph, Node& layer, const Node& norm) {
  const Affine affine = affine_of(graph, norm);
  const bool has_bias = layer.inputs.size() > 2 && !layer.inputs[2].empty();
  const Tensor bias = shifted(has_bias ? &graph.parameters.at(layer.inputs[2]) : nullptr, affine);
  graph.parameters.set(layer.inputs[1], scaled(graph.parameters.at(layer.inputs[1]), affine.scale));
  layer.inputs.resize(3);
  if (!has_bias) layer.inputs[2] = bias_name(graph, layer.inputs[1]);
  graph.parameters.set(layer.inputs[2], bias);
  layer.outputs = norm.outputs;
}

void drop_unused_parameters(Graph& graph) {
  const Uses uses = count_uses(graph);
  StateDict kept;
  for (const auto& [name, tensor] : graph.parameters) {
    if (uses.contains(name)) kept.set(name, tensor);
  }
  graph.parameters = std::move(kept);
}

}  // namespace

Graph fold_batch_norm(const Graph& graph) {
  const Uses uses = count_uses(graph);
  Graph folded{graph.name, graph.inputs, graph.outputs, {}, graph.parameters};
  std::unordered_map<std::string, std::size_t> makers;
  for (const Node& node : graph.nodes) {
    if (node.op == "BatchNormalization" && node.inputs.size() == 5) {
      const auto maker = makers.find(node.inputs[0]);
      if (maker != makers.end()) {
        Node& layer = folded.nodes[maker->second];
        if (is_foldable_layer(graph, layer, uses) && is_foldable_norm(graph, node, layer)) {
          fold(folded, layer, node);
          continue;
        }
      }
    }
    for (const std::string& output : node.outputs) makers[output] = folded.nodes.size();
    folded.nodes.push_back(node);
  }
  drop_unused_parameters(folded);
  check(folded);
  return folded;
}

}  // namespace enxerto
