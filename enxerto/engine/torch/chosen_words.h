#pragma once
#include <string_view>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// An operator of this engine alone: scores (batch, words, vocabulary), what is added to each row of them or nothing, a
/// number of a word for each (batch, words, 1) -> the logarithm of the softmax of the words of these numbers, (batch,
/// words, 1), and, where it has a second output, the mean of the logarithms of all words, (batch, words).
inline constexpr std::string_view kWordLogarithms = "LogSoftmaxOfWord";

/// A loss over words looks at one number of each row of scores, and with label smoothing at a mean: where LogSoftmax is
/// followed by GatherElements and ReduceMean alone, they become one operation, with the bias before them, that never
/// has logarithms of all words. A graph without them stays as it is.
Graph with_chosen_words(const Graph& graph);

}  // namespace enxerto
