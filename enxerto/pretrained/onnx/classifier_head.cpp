#include "enxerto/pretrained/onnx/classifier_head.h"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/fold_shapes.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/role.h"
#include "enxerto/graph/separators.h"

namespace enxerto {
namespace {

bool is_one_of(std::string_view op, std::span<const std::string_view> ops) {
  return std::find(ops.begin(), ops.end(), op) != ops.end();
}

constexpr std::array<std::string_view, 6> kReshaping{"Flatten",   "Reshape",  "Squeeze",
                                                     "Unsqueeze", "Identity", "Transpose"};
constexpr std::array<std::string_view, 5> kPooling{"GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "ReduceMax",
                                                   "AveragePool"};
constexpr std::array<std::string_view, 3> kProbabilities{"Softmax", "LogSoftmax", "Sigmoid"};

/// What is known of the values of a graph.
class Values {
 public:
  explicit Values(const Graph& graph) : graph_(graph), types_(infer_shapes(graph)) {
    const auto roles_of = roles(graph);
    for (const auto& [name, role] : roles_of)
      if (is_trainable(role)) trained_.insert(name);
    for (const Value& input : graph.inputs) varying_.insert(input.name);
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
      const Node& node = graph.nodes[i];
      for (const std::string& output : node.outputs) maker_[output] = i;
      const bool varies = has(node, varying_);
      const bool trained = has(node, trained_);
      for (const std::string& output : node.outputs) {
        if (varies) varying_.insert(output);
        if (!varies && trained) trained_.insert(output);  // a weight, turned
      }
      if (varies && trained) last_trained_ = i;
    }
  }

  const SymbolicShape& shape(const std::string& value) const { return types_.at(value).shape; }
  const ValueTypes& types() const { return types_; }
  std::optional<std::size_t> last_trained() const { return last_trained_; }

  std::optional<std::size_t> maker(const std::string& value) const {
    const auto place = maker_.find(value);
    return place == maker_.end() ? std::nullopt : std::optional(place->second);
  }

  bool holds_parameters(std::size_t node) const { return has(graph_.nodes[node], trained_); }

  /// The one input that depends on the network's input; nullptr where there are several.
  const std::string* varying_input(std::size_t node) const {
    const std::string* found = nullptr;
    for (const std::string& input : graph_.nodes[node].inputs) {
      if (!varying_.contains(input)) continue;
      if (found != nullptr) return nullptr;
      found = &input;
    }
    return found;
  }

 private:
  static bool has(const Node& node, const std::unordered_set<std::string>& names) {
    return std::any_of(node.inputs.begin(), node.inputs.end(), [&](const auto& name) { return names.contains(name); });
  }

  const Graph& graph_;
  ValueTypes types_;
  std::unordered_set<std::string> varying_, trained_;
  std::unordered_map<std::string, std::size_t> maker_;
  std::optional<std::size_t> last_trained_;
};

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
    if (is_one_of(maker->op, kProbabilities)) {
      notes.push_back(fmt::format("removed the {} at the end", maker->op));
      const std::string before = maker->inputs[0];
      graph.nodes.erase(maker);
      replace_uses(graph, value, before);
      return;
    }
    if (!is_one_of(maker->op, kReshaping)) return;
    value = maker->inputs[0];
  }
}

void flatten_output(Graph& graph, const std::string& where) {
  const SymbolicShape shape = infer_shapes(graph).at(graph.outputs[0].name).shape;
  const auto append = [&](std::string op, Attributes attributes) {
    const std::string x = graph.outputs[0].name;
    const std::string name = fmt::format("{}/{}", x, op);
    const std::string stage = graph.nodes.empty() ? "" : graph.nodes.back().stage;
    graph.nodes.push_back({name, std::move(op), stage, {x}, {name}, std::move(attributes)});
    graph.outputs[0].name = name;
  };
  if (shape.empty() || !shape[0].is_symbolic())
    throw weights_error(where, fmt::format("the output {}, however many pictures are given", to_string(shape)),
                        "a row of scores or features for each picture",
                        "export it with a free number of pictures (torch.onnx.export: dynamic_shapes, dynamic_axes)");
  const bool is_map = shape.size() == 4 && shape[0].is_symbolic();
  if (is_map && (shape[1] == Dim(1) ? shape[2] != Dim(1) : (shape[2] != Dim(1) || shape[3] != Dim(1))))
    append("GlobalAveragePool", {});
  if (is_map) append("Flatten", {{"axis", std::int64_t{1}}});
  if (is_map || (shape.size() == 2 && !shape[1].is_symbolic())) return;
  throw weights_error(where, "the output " + to_string(shape), "a row of scores or features for each example",
                      "export an image classifier, or a network up to its pooled features");
}

/// The dense layer or convolution that classifies, if the last parameters are its.
std::optional<std::size_t> find_classifier(const Graph& graph, const Values& values) {
  std::optional<std::size_t> node = values.last_trained();
  if (!node) return std::nullopt;
  if (graph.nodes[*node].op == "Add") {
    const std::string* before = values.varying_input(*node);
    node = before == nullptr ? std::nullopt : values.maker(*before);
    if (!node || !values.holds_parameters(*node)) return std::nullopt;
  }
  const Node& layer = graph.nodes[*node];
  const SymbolicShape& out = values.shape(layer.outputs[0]);
  if (layer.op == "Gemm" || layer.op == "MatMul") return out.size() == 2 ? node : std::nullopt;
  if (layer.op != "Conv" || out.size() != 4) return std::nullopt;
  const SymbolicShape& in = values.shape(layer.inputs[0]);
  const bool pooled = in[2] == Dim(1) && in[3] == Dim(1);
  const bool imagenet = out[1] == Dim(1000) || out[1] == Dim(1001);
  return pooled || imagenet ? node : std::nullopt;
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

ClassifierHead find_head(const Graph& graph) {
  const Values values(graph);
  const std::optional<std::size_t> classifier = find_classifier(graph, values);
  std::unordered_map<std::size_t, std::string> separating;
  for (const Separator& separator : separators(graph)) separating[separator.position] = separator.value;

  ClassifierHead head{.begin = graph.nodes.size(), .classifies = classifier.has_value()};
  std::string value = classifier ? *values.varying_input(*classifier) : graph.outputs[0].name;
  std::size_t first = classifier.value_or(graph.nodes.size());
  while (true) {
    // Where `value` alone crosses, closest before its first user.
    std::size_t position = first;
    const auto enters = [&] { return separating.contains(position) && separating.at(position) == value; };
    while (position > 0 && !enters()) --position;
    const SymbolicShape& shape = values.shape(value);
    if (enters() && (shape.size() == 2 || shape.size() == 4)) head.begin = position;
    const std::optional<std::size_t> maker = values.maker(value);
    if (!maker || values.holds_parameters(*maker)) break;
    const std::string& op = graph.nodes[*maker].op;
    const std::string* before = values.varying_input(*maker);
    if (before == nullptr || (!is_one_of(op, kReshaping) && !is_one_of(op, kPooling))) break;
    if (op == "AveragePool" && values.shape(value)[2] != Dim(1)) break;
    first = *maker;
    value = *before;
  }
  return head;
}

}  // namespace enxerto
