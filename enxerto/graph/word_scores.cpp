#include "enxerto/graph/word_scores.h"

#include <cstdint>
#include <optional>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/node_uses.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

bool is_last_of_three(const Node& node, std::int64_t fallback) {
  const auto axis = attribute<std::int64_t>(node, "axis", fallback);
  return axis == 2 || axis == -1;
}

bool is_matrix_turned(const Node& node) { return attribute<Ints>(node, "perm", {1, 0}) == Ints{1, 0}; }

/// From the states to the logarithms that `gather` chooses from.
bool find_logarithms(const NodeUses& uses, const Node& gather, WordScores& found) {
  const Node* const logarithms = uses.maker_for_one(gather.inputs.at(0), "LogSoftmax");
  if (logarithms == nullptr || !is_last_of_three(*logarithms, -1)) return false;
  const Node* const scores = uses.maker_for_one(logarithms->inputs.at(0), "Add");
  const Node* const product = scores == nullptr ? nullptr : uses.maker_for_one(scores->inputs.at(0), "MatMul");
  const Node* const turned = product == nullptr ? nullptr : uses.maker_for_one(product->inputs.at(1), "Transpose");
  if (turned == nullptr || !is_matrix_turned(*turned)) return false;
  found.states = product->inputs[0];
  found.table = turned->inputs.at(0);
  found.bias = scores->inputs.at(1);
  for (const Node* const node : {turned, product, scores, logarithms}) found.between.push_back(node->outputs.at(0));
  return true;
}

/// From what `gather` has chosen to the sum.
bool find_sum(const NodeUses& uses, const Node& gather, WordScores& found) {
  const Node* const row = uses.only_taker(gather.outputs.at(0), "Squeeze");
  if (row == nullptr || row->inputs.size() != 2 || !uses.is(row->inputs[1], {2})) return false;
  const Node* const kept = uses.only_taker(row->outputs.at(0), "Mul");
  if (kept == nullptr) return false;
  found.counted = kept->inputs.at(kept->inputs.at(0) == row->outputs[0] ? 1 : 0);
  const Node* const sum = uses.only_taker(kept->outputs.at(0), "ReduceSum");
  if (sum == nullptr || sum->inputs.size() != 2 || !uses.is(sum->inputs[1], {1}) ||
      attribute<std::int64_t>(*sum, "keepdims", 1) != 1)
    return false;
  found.sum = sum->outputs.at(0);
  for (const Node* const node : {&gather, row, kept}) found.between.push_back(node->outputs.at(0));
  return true;
}

std::optional<WordScores> scores_at(const Graph& graph, const NodeUses& uses, const Node& gather) {
  if (!is_last_of_three(gather, 0)) return std::nullopt;
  const Node* const column = uses.maker_for_one(gather.inputs.at(1), "Unsqueeze");
  if (column == nullptr || !uses.is(column->inputs.at(1), {2})) return std::nullopt;
  WordScores found{.words = column->inputs[0], .between = {column->outputs.at(0)}};
  if (!find_logarithms(uses, gather, found) || !find_sum(uses, gather, found)) return std::nullopt;
  const Tensor *const table = graph.parameters.find(found.table), *const bias = graph.parameters.find(found.bias);
  const bool plain = table != nullptr && bias != nullptr && table->shape().size() == 2 && bias->shape().size() == 1;
  return plain ? std::optional(std::move(found)) : std::nullopt;
}

}  // namespace

std::vector<WordScores> word_scores(const Graph& graph) {
  const NodeUses uses(graph);
  std::vector<WordScores> all;
  for (const Node& node : graph.nodes) {
    if (node.op != "GatherElements") continue;
    if (std::optional<WordScores> found = scores_at(graph, uses, node)) all.push_back(std::move(*found));
  }
  return all;
}

}  // namespace enxerto
