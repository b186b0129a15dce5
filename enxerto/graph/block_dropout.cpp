#include "enxerto/graph/block_dropout.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "enxerto/graph/training_only.h"

namespace enxerto {
namespace {

constexpr double kSomeRate = 0.1;

/// Copies a graph, with a node behind each value of which some is dropped.
class BlockDropoutWriter {
 public:
  BlockDropoutWriter(const Graph& graph, double rate)
      : graph_(graph), ratio_(static_cast<float>(rate)), written_(graph) {
    written_.nodes.clear();
    for (const Node& node : graph_.nodes)
      for (const std::string& output : node.outputs) makers_.emplace(output, &node);
  }

  Graph write() {
    for (Node node : graph_.nodes) {
      if (node.op == "MatMul" && is_made_by(node.inputs.front(), "Softmax")) drop_input(node, 0);
      if (is_residual_sum(node)) drop_input(node, 1);
      const bool embeds = node.op == "LayerNormalization" && is_sum_of_rows(node.inputs.front());
      const std::string answer = node.outputs.empty() ? "" : node.outputs.front();
      if (embeds) node.outputs.front() = node.name + ".whole";
      written_.nodes.push_back(node);
      if (!embeds) continue;
      add_dropout(node, node.outputs.front());
      written_.nodes.back().outputs = {answer};
    }
    check(written_);
    return std::move(written_);
  }

 private:
  const Node* maker(const std::string& value) const {
    const auto found = makers_.find(value);
    return found == makers_.end() ? nullptr : found->second;
  }

  bool is_made_by(const std::string& value, std::string_view op) const {
    const Node* const node = maker(value);
    return node != nullptr && node->op == op;
  }

  /// A parameter, or one that was turned over.
  bool is_weight(const std::string& value) const {
    if (graph_.parameters.contains(value)) return true;
    return is_made_by(value, "Transpose") && graph_.parameters.contains(maker(value)->inputs.front());
  }

  bool is_dense(const std::string& value) const {
    const Node* const node = maker(value);
    if (node == nullptr || node->inputs.size() != 2) return false;
    if (node->op == "MatMul") return is_weight(node->inputs[1]);
    return node->op == "Add" && graph_.parameters.contains(node->inputs[1]) && is_made_by(node->inputs[0], "MatMul") &&
           is_dense(node->inputs[0]);
  }

  bool is_residual_sum(const Node& node) const {
    return node.op == "Add" && node.inputs.size() == 2 && !graph_.parameters.contains(node.inputs[0]) &&
           is_dense(node.inputs[1]);
  }

  bool is_sum_of_rows(const std::string& value) const {
    const Node* const node = maker(value);
    return node != nullptr && node->op == "Add" && std::ranges::any_of(node->inputs, [&](const std::string& part) {
             return is_made_by(part, "Gather") && graph_.parameters.contains(maker(part)->inputs.front());
           });
  }

  void drop_input(Node& node, std::size_t input) {
    add_dropout(node, node.inputs[input]);
    node.inputs[input] = written_.nodes.back().outputs.front();
  }

  void add_dropout(const Node& like, const std::string& x) {
    const std::string name = like.name + ".drop", ratio = name + ".ratio";
    written_.nodes.push_back({ratio, "Constant", like.stage, {}, {ratio}, {{"value", Tensor::scalar(ratio_)}}});
    written_.nodes.push_back({name, "Dropout", like.stage, {x, ratio}, {name}, {}});
  }

  const Graph& graph_;
  float ratio_;
  Graph written_;
  std::unordered_map<std::string, const Node*> makers_;
};

}  // namespace

Graph with_block_dropout(const Graph& graph, double rate) {
  return rate > 0 ? BlockDropoutWriter(graph, rate).write() : graph;
}

std::vector<std::string> dropping_stages(const Graph& graph) {
  std::vector<std::string> stages;
  for (const Node& node : with_block_dropout(graph, kSomeRate).nodes)
    if (is_training_only(node)) stages.push_back(node.stage);
  return stages;
}

}  // namespace enxerto
