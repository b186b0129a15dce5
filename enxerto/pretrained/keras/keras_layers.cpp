#include "enxerto/pretrained/keras/keras_layers.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <unordered_map>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/infer.h"

namespace enxerto {
namespace {

using Makers = std::unordered_map<std::string_view, std::size_t>;  // value -> node

Makers makers_of(const Graph& graph) {
  Makers makers;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    for (const std::string& output : graph.nodes[i].outputs) makers.emplace(output, i);
  return makers;
}

/// How a kind of layer looks in a graph. The input whose name ends in `ending` names the layer.
struct Form {
  std::string_view op;
  KerasKind kind;
  std::size_t input;
  std::string_view ending;
};
constexpr Form kForms[] = {
    {"Conv", KerasKind::convolution, 1, ".weight"},
    {"Gemm", KerasKind::dense, 1, ".weight"},
    {"BatchNormalization", KerasKind::normalisation, 2, ".bias"},
};

std::optional<WeightedKerasLayer> layer_of(const Node& node) {
  for (const Form& form : kForms) {
    if (node.op != form.op || node.inputs.size() <= form.input) continue;
    const std::string& name = node.inputs[form.input];
    if (!name.ends_with(form.ending)) return std::nullopt;
    WeightedKerasLayer layer{
        .kind = form.kind, .ours = name.substr(0, name.size() - form.ending.size()), .node = 0, .map = {}};
    if (form.kind == KerasKind::convolution && attribute<std::int64_t>(node, "group", 1) > 1)
      layer.kind = KerasKind::depthwise;
    return layer;
  }
  return std::nullopt;
}

/// (C, H, W) of what a Flatten before the node flattens; empty where there is none or nothing is flattened.
Shape flattened_map(const Blueprint& blueprint, const Node& node, const Makers& makers, const ValueTypes& types) {
  const auto maker = makers.find(node.inputs[0]);
  if (maker == makers.end() || blueprint.graph.nodes[maker->second].op != "Flatten") return {};
  const SymbolicShape& shape = types.at(blueprint.graph.nodes[maker->second].inputs[0]).shape;
  if (shape.size() != 4) return {};
  Shape map;
  for (std::size_t axis = 1; axis < 4; ++axis) {
    if (shape[axis].is_symbolic()) return {};
    map.push_back(shape[axis].size);
  }
  return map[1] * map[2] == 1 ? Shape{} : map;
}

/// Longest way from each node to an output, in layers.
std::vector<int> depths_of(const Graph& graph, const Makers& makers) {
  std::vector<int> depths(graph.nodes.size(), 0);
  for (std::size_t i = graph.nodes.size(); i-- > 0;)
    for (const std::string& input : graph.nodes[i].inputs)
      if (const auto maker = makers.find(input); maker != makers.end())
        depths[maker->second] = std::max(depths[maker->second], depths[i] + 1);
  return depths;
}

/// When each node is met on the way from the outputs backwards, an operation before its inputs.
std::vector<int> meetings_of(const Graph& graph, const Makers& makers) {
  std::vector<int> meetings(graph.nodes.size(), -1);
  std::vector<std::string_view> open;
  for (const Value& output : graph.outputs) open.insert(open.begin(), output.name);
  for (int met = 0; !open.empty();) {
    const auto maker = makers.find(open.back());
    open.pop_back();
    if (maker == makers.end() || meetings[maker->second] >= 0) continue;
    meetings[maker->second] = met++;
    const Node& node = graph.nodes[maker->second];
    open.insert(open.end(), node.inputs.rbegin(), node.inputs.rend());
  }
  return meetings;
}

}  // namespace

std::vector<WeightedKerasLayer> keras_layers(const Blueprint& blueprint) {
  const Makers makers = makers_of(blueprint.graph);
  const ValueTypes types = infer_shapes(blueprint);
  std::vector<WeightedKerasLayer> layers;
  for (std::size_t i = 0; i < blueprint.graph.nodes.size(); ++i) {
    const Node& node = blueprint.graph.nodes[i];
    std::optional<WeightedKerasLayer> layer = layer_of(node);
    if (!layer) continue;
    layer->node = i;
    if (layer->kind == KerasKind::dense) layer->map = flattened_map(blueprint, node, makers, types);
    layers.push_back(std::move(*layer));
  }
  return layers;
}

std::vector<std::size_t> keras_model_order(const Blueprint& blueprint, const std::vector<WeightedKerasLayer>& layers) {
  const Makers makers = makers_of(blueprint.graph);
  const std::vector<int> depths = depths_of(blueprint.graph, makers);
  const std::vector<int> meetings = meetings_of(blueprint.graph, makers);
  std::vector<std::size_t> order(layers.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const std::size_t first = layers[a].node, second = layers[b].node;
    if (depths[first] != depths[second]) return depths[first] > depths[second];
    return meetings[first] < meetings[second];
  });
  return order;
}

}  // namespace enxerto
