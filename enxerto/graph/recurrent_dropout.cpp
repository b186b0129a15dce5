#include "enxerto/graph/recurrent_dropout.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/graph/recurrent.h"

namespace enxerto {
namespace {

constexpr double kWords = 0.02, kInput = 0.25, kBetween = 0.15, kOutput = 0.1, kWeights = 0.2, kMost = 0.9;
constexpr std::size_t kRecurrentSlot = 2;

bool is_layer(const Node& node) { return recurrent_gates(node.op) > 0; }

/// Copies a graph node by node, with further ones between them.
class DropoutWriter {
 public:
  DropoutWriter(const Graph& graph, double strength) : graph_(graph), strength_(strength), written_(graph) {
    written_.nodes.clear();
    for (const Node& node : graph_.nodes) {
      layers_ += is_layer(node) ? 1 : 0;
      has_words_ = has_words_ || is_word_table(node);
    }
  }

  Graph write() {
    if (strength_ <= 0 || layers_ == 0) return graph_;
    std::size_t layer = 0;
    for (const Node& node : graph_.nodes) {
      if (is_layer(node))
        add_layer(node, layer++);
      else if (is_word_table(node))
        add_words(node);
      else
        written_.nodes.push_back(node);
    }
    check(written_);
    return std::move(written_);
  }

 private:
  bool is_word_table(const Node& node) const {
    if (node.op != "Gather" || node.inputs.size() != 2) return false;
    const Tensor* const table = graph_.parameters.find(node.inputs[0]);
    return table != nullptr && table->shape().size() == 2 &&
           std::ranges::find(graph_.inputs, node.inputs[1], &Value::name) != graph_.inputs.end();
  }

  /// One node of one output, in the stage of `like`.
  std::string add(const Node& like, const std::string& part, std::string op, std::vector<std::string> inputs,
                  Attributes attributes = {}) {
    std::string name = like.name + ".drop." + part;
    written_.nodes.push_back({name, std::move(op), like.stage, std::move(inputs), {name}, std::move(attributes)});
    return name;
  }

  std::string constant(const Node& like, const std::string& part, Tensor value) {
    return add(like, part, "Constant", {}, {{"value", std::move(value)}});
  }

  std::string dropped(const Node& like, const std::string& part, const std::string& x, double share) {
    const auto ratio = static_cast<float>(std::min(share * strength_, kMost));
    return add(like, part, "Dropout", {x, constant(like, part + ".ratio", Tensor::scalar(ratio))});
  }

  /// `x` without the same features at every step, which are its first dimension.
  std::string locked(const Node& like, const std::string& part, const std::string& x, double share) {
    const std::string axis = constant(like, part + ".axis", Tensor::of<std::int64_t>({1}, {0}));
    const std::string sum = add(like, part + ".sum", "ReduceSum", {x, axis}, {{"keepdims", std::int64_t{1}}});
    const std::string zeros =
        add(like, part + ".zeros", "Mul", {sum, constant(like, part + ".0", Tensor::scalar(0.0F))});
    const std::string ones =
        add(like, part + ".ones", "Add", {zeros, constant(like, part + ".1", Tensor::scalar(1.0F))});
    return add(like, part, "Mul", {x, dropped(like, part + ".kept", ones, share)});
  }

  void add_layer(Node node, std::size_t layer) {
    node.inputs[0] = locked(node, "x", node.inputs[0], layer == 0 && has_words_ ? kInput : kBetween);
    if (graph_.parameters.contains(node.inputs[kRecurrentSlot]))
      node.inputs[kRecurrentSlot] = dropped(node, "recurrent", node.inputs[kRecurrentSlot], kWeights);
    const bool last = layer + 1 == layers_ && !node.outputs.front().empty();
    const std::string answer = node.outputs.front();
    if (last) node.outputs.front() = node.name + ".whole";
    written_.nodes.push_back(node);
    if (!last) return;
    locked(node, "y", node.outputs.front(), kOutput);
    written_.nodes.back().outputs = {answer};
  }

  /// Each word of the vocabulary is there or not, for the whole batch.
  void add_words(Node node) {
    const std::string answer = std::exchange(node.outputs.front(), node.name + ".whole");
    written_.nodes.push_back(node);
    const std::int64_t words = graph_.parameters.at(node.inputs[0]).shape()[0];
    const std::vector<float> ones(static_cast<std::size_t>(words), 1.0F);
    const std::string there =
        dropped(node, "words", constant(node, "all_words", Tensor::of<float>({words, 1}, std::span<const float>(ones))),
                kWords);
    const std::string of_tokens =
        add(node, "of_tokens", "Gather", {there, node.inputs[1]}, {{"axis", std::int64_t{0}}});
    add(node, "kept", "Mul", {node.outputs.front(), of_tokens});
    written_.nodes.back().outputs = {answer};
  }

  const Graph& graph_;
  double strength_;
  Graph written_;
  std::size_t layers_ = 0;
  bool has_words_ = false;
};

}  // namespace

Graph with_recurrent_dropout(const Graph& graph, double strength) { return DropoutWriter(graph, strength).write(); }

}  // namespace enxerto
