#pragma once
#include <cstdint>
#include <string_view>

#include "enxerto/graph/blueprint.h"
#include "enxerto/heads/head.h"

namespace enxerto {

/// The graph input with the words that are to be written, (batch, words) int64; below 0: none, padding.
inline constexpr std::string_view kWordLabels = "labels";

/// The numbers that `written_words_head` answers an example with.
inline constexpr std::int64_t kWrittenAnswer = 2;

/// A head without parameters that compares scores of words, `features` (batch, words, vocabulary), with "labels":
/// outputs "probabilities" (batch, 2), the sum of -log p over the words that count, nats, and how many these are;
/// "head.logits" the same, and, of a `width` of 3, behind them the sum over these words of the mean of -log p over all
/// the vocabulary, which label smoothing takes. Throws Error{usage} for features of another kind.
Blueprint written_words_head(const HeadFeatures& features, std::int64_t width);

}  // namespace enxerto
