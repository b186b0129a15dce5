#include "enxerto/pretrained/onnx/one_output.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/pretrained/onnx/channel_axis.h"

namespace enxerto {
namespace {

constexpr std::array<std::string_view, 3> kProbabilities{"Softmax", "LogSoftmax", "Sigmoid"};

void replace_uses(Graph& graph, const std::string& from, const std::string& to) {
  for (Node& node : graph.nodes) std::replace(node.inputs.begin(), node.inputs.end(), from, to);
  for (Value& output : graph.outputs)
    if (output.name == from) output.name = to;
}

/// Takes a Softmax away that only a change of shape follows.
void drop_probabilities(Graph& graph, std::vector<std::string>& notes) {
  std::string value = graph.outputs[0].name;
  while (true) {
    const auto maker = std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) {
      return std::find(node.outputs.begin(), node.outputs.end(), value) != node.outputs.end();
    });
    if (maker == graph.nodes.end() || maker->inputs.empty()) return;
    if (std::ranges::find(kProbabilities, maker->op) != kProbabilities.end()) {
      notes.push_back(fmt::format("removed the {} at the end", maker->op));
      const std::string before = maker->inputs[0];
      graph.nodes.erase(maker);
      replace_uses(graph, value, before);
      return;
    }
    if (!is_reshaping(*maker)) return;
    value = maker->inputs[0];
  }
}

void append(Graph& graph, std::string op, Attributes attributes) {
  const std::string x = graph.outputs[0].name;
  const std::string name = fmt::format("{}/{}", x, op);
  const std::string stage = graph.nodes.empty() ? "" : graph.nodes.back().stage;
  graph.nodes.push_back({name, std::move(op), stage, {x}, {name}, std::move(attributes)});
  graph.outputs[0].name = name;
}

/// A map becomes a row: averaged over what are no channels, as what made it says.
void average_map(Graph& graph) {
  const GraphValues values(graph);
  const SymbolicShape& shape = values.shape(graph.outputs[0].name);
  const std::size_t channels = channel_axis(values, graph.outputs[0].name).value_or(1);
  bool pooled = true;
  for (std::size_t i = 1; i < shape.size(); ++i) pooled &= i == channels || shape[i] == Dim(1);
  if (!pooled && channels == 3) append(graph, "Transpose", {{"perm", std::vector<std::int64_t>{0, 3, 1, 2}}});
  if (!pooled) append(graph, "GlobalAveragePool", {});
  append(graph, "Flatten", {{"axis", std::int64_t{1}}});
}

void flatten_output(Graph& graph, const std::string& where) {
  const SymbolicShape shape = infer_shapes(graph).at(graph.outputs[0].name).shape;
  if (shape.empty() || !shape[0].is_symbolic())
    throw weights_error(where, fmt::format("the output {}, however many pictures are given", to_string(shape)),
                        "a row of scores or features for each picture",
                        "export it with a free number of pictures (torch.onnx.export: dynamic_shapes, dynamic_axes)");
  if (shape.size() == 4) return average_map(graph);
  if (shape.size() == 2 && !shape[1].is_symbolic()) return;
  throw weights_error(where, "the output " + to_string(shape), "a row of scores or features for each example",
                      "export an image classifier, or a network up to its pooled features");
}

}  // namespace

Graph with_one_output(Graph graph, const std::string& where, std::vector<std::string>& notes) {
  if (graph.outputs.empty()) {
    throw weights_error(where, "no output", "one");
  }
  const ValueTypes types = infer_shapes(graph);
  if (graph.outputs.size() > 1) {
    const auto row = std::find_if(graph.outputs.begin(), graph.outputs.end(),
                                  [&](const Value& output) { return types.at(output.name).shape.size() == 2; });
    const Value kept = row == graph.outputs.end() ? graph.outputs.front() : *row;
    notes.push_back(fmt::format("the file has {} outputs: using '{}'", graph.outputs.size(), kept.name));
    graph.outputs = {kept};
  }
  drop_probabilities(graph, notes);
  flatten_output(graph, where);
  graph = without_dead_nodes(graph);
  const ValueType type = infer_shapes(graph).at(graph.outputs[0].name);
  graph.outputs[0].dtype = type.dtype;
  graph.outputs[0].shape = type.shape;
  return graph;
}

}  // namespace enxerto
