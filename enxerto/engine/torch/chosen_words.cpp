#include "enxerto/engine/torch/chosen_words.h"

#include <string>
#include <unordered_set>
#include <utility>

#include "enxerto/graph/attributes.h"
#include "enxerto/graph/node_uses.h"

namespace enxerto {
namespace {

constexpr std::int64_t kVocabulary = 2;  // the dimension of scores (batch, words, vocabulary)

bool is_over_words(const Node& node, std::int64_t fallback) {
  const auto axis = attribute<std::int64_t>(node, "axis", fallback);
  return axis == kVocabulary || axis == -1;
}

bool is_mean_of_words(const NodeUses& values, const Node& node) {
  if (node.op != "ReduceMean" || node.inputs.size() != 2 || attribute<std::int64_t>(node, "keepdims", 1) != 0)
    return false;
  return values.is(node.inputs[1], {kVocabulary});
}

/// What becomes one operation.
struct WordLogarithms {
  const Node *logarithms = nullptr, *mean = nullptr, *biased = nullptr;
};

/// Numbers that were raised to 0 where there is no word: of a loss that multiplies by 0 there.
bool are_raised_numbers(const NodeUses& values, const std::string& column) {
  const Node* const one = values.maker(column, "Unsqueeze");
  return one != nullptr && values.maker(one->inputs.at(0), "Max") != nullptr;
}

/// Those that `gather` chooses from; without `logarithms` where they are wanted elsewhere too.
WordLogarithms chosen_by(const Graph& graph, const NodeUses& values, const Node& gather) {
  WordLogarithms found;
  const Node* const logarithms = values.maker(gather.inputs.at(0), "LogSoftmax");
  if (logarithms == nullptr || !is_over_words(*logarithms, -1)) return found;
  for (const Node* const taker : values.takers(gather.inputs[0])) {
    if (taker != nullptr && taker->outputs == gather.outputs) continue;
    if (taker == nullptr || found.mean != nullptr || !is_mean_of_words(values, *taker)) return {};
    found.mean = taker;
  }
  found.logarithms = logarithms;
  const Node* const sum = values.maker_for_one(logarithms->inputs.at(0), "Add");
  const Tensor* const bias = sum == nullptr ? nullptr : graph.parameters.find(sum->inputs.at(1));
  if (bias != nullptr && bias->shape().size() == 1) found.biased = sum;
  return found;
}

}  // namespace

Graph with_chosen_words(const Graph& graph) {
  const NodeUses values(graph);
  Graph fused = graph;
  std::unordered_set<std::string> gone;  // outputs of what is in the one operation
  for (Node& node : fused.nodes) {
    if (node.op != "GatherElements" || !is_over_words(node, 0) || !are_raised_numbers(values, node.inputs.at(1)))
      continue;
    const WordLogarithms found = chosen_by(graph, values, node);
    if (found.logarithms == nullptr) continue;
    const std::string column = node.inputs[1];
    gone.insert(found.logarithms->outputs.at(0));
    if (found.biased != nullptr) {
      gone.insert(found.biased->outputs.at(0));
      node.inputs = {found.biased->inputs[0], found.biased->inputs[1], column};
    } else {
      node.inputs = {found.logarithms->inputs[0], "", column};
    }
    if (found.mean != nullptr) {
      gone.insert(found.mean->outputs.at(0));
      node.outputs.push_back(found.mean->outputs[0]);
    }
    node.op = kWordLogarithms;
    node.attributes = {};
  }
  return without_nodes(std::move(fused), gone);
}

}  // namespace enxerto
