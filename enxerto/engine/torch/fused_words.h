#pragma once
#include <string_view>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// An operator of this engine alone: states (batch, tokens, width), table (words, width), bias (words), the numbers of
/// words (batch, tokens) and what each counts (batch, tokens) -> (batch, 1), the sum over the tokens of what they count
/// times the logarithm of the softmax of `states table' + bias` at their word.
inline constexpr std::string_view kSumOfWordLogarithms = "SumOfWordLogarithms";

/// Numbers of scores that may be in memory at once; below it the gradient is made of those of the way forward.
inline constexpr std::int64_t kMostScores = std::int64_t{1} << 23U;

/// A language model scores every word of its vocabulary at every token and looks at one: where graph/word_scores.h
/// finds that, it becomes one operation that scores some tokens at a time, forward and backward. A graph without it
/// stays as it is.
Graph with_fused_words(const Graph& graph);

}  // namespace enxerto
