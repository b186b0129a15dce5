#pragma once
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// A sum of logarithms of probabilities, of one word of a vocabulary a token: states (batch, tokens, width) times a
/// table (words, width), a bias added, the softmax's logarithm, that of each token's word times what it counts, summed
/// over the tokens. All that is named lies in the graph, but nothing needs what is between.
struct WordScores {
  std::string states = {}, table = {}, bias = {}, words = {}, counted = {};
  std::string sum = {};                   ///< what the last node gives, (batch, 1)
  std::vector<std::string> between = {};  ///< what the others give: values as large as the vocabulary among them
};

/// Those of a graph, as heads/language_model_head.h writes them.
std::vector<WordScores> word_scores(const Graph& graph);

}  // namespace enxerto
