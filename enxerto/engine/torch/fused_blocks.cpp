#include "enxerto/engine/torch/fused_blocks.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/node_uses.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// What takes the place of the node that gives its value.
struct Fused {
  std::string_view op;
  std::vector<std::string> inputs;
  Attributes attributes = {};
  std::vector<std::string> between = {};  // outputs of nodes that go
};

const Node* turned(const NodeUses& uses, const std::string& value, const Ints& order) {
  const Node* const node = uses.maker_for_one(value, "Transpose");
  return node != nullptr && attribute<Ints>(*node, "perm", {}) == order ? node : nullptr;
}

/// The node is the product of a softmax and values.
std::optional<Fused> attention_at(const NodeUses& uses, const Node& mixed) {
  if (mixed.op != "MatMul") return std::nullopt;
  const Node* const weights = uses.maker_for_one(mixed.inputs.at(0), "Softmax");
  if (weights == nullptr || attribute<std::int64_t>(*weights, "axis", -1) != -1) return std::nullopt;
  Fused found{.op = kFusedAttention, .inputs = {}, .between = {weights->outputs.at(0)}};
  std::string scores = weights->inputs.at(0), mask;
  if (const Node* const sum = uses.maker_for_one(scores, "Add")) {
    const std::size_t side = uses.maker_for_one(sum->inputs.at(0), "MatMul") != nullptr ? 0 : 1;
    found.between.push_back(scores);
    mask = sum->inputs.at(1 - side);
    scores = sum->inputs.at(side);
  }
  const Node* const product = uses.maker_for_one(scores, "MatMul");
  const Node* const keys = product == nullptr ? nullptr : turned(uses, product->inputs.at(1), {0, 1, 3, 2});
  if (keys == nullptr) return std::nullopt;
  found.between.insert(found.between.end(), {scores, keys->outputs.at(0)});
  found.inputs = {product->inputs[0], keys->inputs.at(0), mixed.inputs.at(1), mask};
  return found;
}

std::optional<float> one_number(const NodeUses& uses, const std::string& value) {
  const Tensor* const tensor = uses.constant(value);
  if (tensor == nullptr || tensor->dtype() != DType::f32 || tensor->size() != 1) return std::nullopt;
  return tensor->as<float>()[0];
}

/// The node multiplies by the scale of a norm. From it up to the squares of `x`.
std::optional<Fused> norm_at(const NodeUses& uses, const Node& scaled) {
  if (scaled.op != "Mul") return std::nullopt;
  const Node* const unit = uses.maker_for_one(scaled.inputs.at(0), "Mul");
  if (unit == nullptr) return std::nullopt;
  Fused found{.op = kRootMeanSquareNorm, .inputs = {unit->inputs.at(0), scaled.inputs.at(1)}, .between = {}};
  found.between.push_back(unit->outputs.at(0));
  const Node* node = uses.maker_for_one(unit->inputs.at(1), "Reciprocal");
  for (const char* const op : {"Sqrt", "Add", "ReduceMean", "Pow"}) {
    if (node == nullptr) return std::nullopt;
    found.between.push_back(node->outputs.at(0));
    const Node* const before = uses.maker_for_one(node->inputs.at(0), op);
    if (before == nullptr) return std::nullopt;
    if (before->op == "Add") {
      const std::optional<float> epsilon = one_number(uses, before->inputs.at(1));
      if (!epsilon) return std::nullopt;
      found.attributes["epsilon"] = *epsilon;
    }
    const bool last = before->op != "ReduceMean" || (before->inputs.size() == 2 && uses.is(before->inputs[1], {-1}) &&
                                                     attribute<std::int64_t>(*before, "keepdims", 1) == 1);
    if (!last || (before->op == "Pow" && one_number(uses, before->inputs.at(1)) != 2.0F)) return std::nullopt;
    node = before;
  }
  found.between.push_back(node->outputs.at(0));
  return node->inputs.at(0) == found.inputs[0] ? std::optional(std::move(found)) : std::nullopt;
}

/// The node adds the bias.
std::optional<Fused> dense_at(const Graph& graph, const NodeUses& uses, const Node& sum) {
  if (sum.op != "Add") return std::nullopt;
  const Node* const product = uses.maker_for_one(sum.inputs.at(0), "MatMul");
  const Node* const weight = product == nullptr ? nullptr : turned(uses, product->inputs.at(1), {1, 0});
  if (weight == nullptr) return std::nullopt;
  const Tensor *const bias = graph.parameters.find(sum.inputs.at(1)), *const matrix =
                                                                          graph.parameters.find(weight->inputs.at(0));
  if (bias == nullptr || matrix == nullptr || matrix->shape().size() != 2 ||
      bias->shape() != Shape{matrix->shape().front()})
    return std::nullopt;
  return Fused{.op = kDenseLayer,
               .inputs = {product->inputs[0], weight->inputs[0], sum.inputs[1]},
               .between = {product->outputs.at(0), weight->outputs.at(0)}};
}

std::optional<Fused> fused_at(const Graph& graph, const NodeUses& uses, const Node& node) {
  if (std::optional<Fused> found = attention_at(uses, node)) return found;
  if (std::optional<Fused> found = norm_at(uses, node)) return found;
  return dense_at(graph, uses, node);
}

bool has_scale(const Graph& graph, const Fused& found) {
  if (found.op != kRootMeanSquareNorm) return true;
  const Tensor* const scale = graph.parameters.find(found.inputs[1]);
  return scale != nullptr && scale->shape().size() == 1 && scale->dtype() == DType::f32;
}

}  // namespace

Graph with_fused_blocks(const Graph& graph) {
  const NodeUses uses(graph);
  Graph fused = graph;
  std::unordered_set<std::string> gone;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    std::optional<Fused> found = fused_at(graph, uses, graph.nodes[i]);
    if (!found || !has_scale(graph, *found)) continue;
    gone.insert(found->between.begin(), found->between.end());
    fused.nodes[i].op = found->op;
    fused.nodes[i].inputs = std::move(found->inputs);
    fused.nodes[i].attributes = std::move(found->attributes);
  }
  return without_nodes(std::move(fused), gone);
}

}  // namespace enxerto
