#include "enxerto/engine/torch/fused_words.h"

#include <string>
#include <unordered_set>
#include <utility>

#include "enxerto/graph/node_uses.h"
#include "enxerto/graph/word_scores.h"

namespace enxerto {

Graph with_fused_words(const Graph& graph) {
  Graph fused = graph;
  std::unordered_set<std::string> gone;
  for (const WordScores& found : word_scores(graph)) {
    gone.insert(found.between.begin(), found.between.end());
    for (Node& node : fused.nodes) {
      if (node.outputs.empty() || node.outputs[0] != found.sum) continue;
      node.op = kSumOfWordLogarithms;
      node.inputs = {found.states, found.table, found.bias, found.words, found.counted};
      node.attributes = {};
    }
  }
  return without_nodes(std::move(fused), gone);
}

}  // namespace enxerto
