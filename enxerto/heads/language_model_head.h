#pragma once
#include <cstdint>
#include <string_view>

#include "enxerto/graph/blueprint.h"
#include "enxerto/graph/graph.h"
#include "enxerto/heads/head.h"

namespace enxerto {

/// The graph input with the numbers of an example's tokens.
inline constexpr std::string_view kTokenIds = "input_ids";

/// What a head of `language_model_head` makes of each token: a number for every word that may come next, (batch,
/// tokens, words), before the softmax.
inline constexpr std::string_view kNextWords = "head.words";

/// The two numbers that it answers an example with.
inline constexpr std::int64_t kNextTokenAnswer = 2;

/// A head that foretells each token from those before it: inputs the states of the tokens, "input_ids" and
/// "attention_mask"; outputs "head.logits" and "probabilities", both (batch, 2): the sum of -log p over the tokens that
/// have one before them, nats, and how many these are. Words are scored by the table of word vectors that `network`
/// looks the tokens up in, where the states are as wide (tied weights: Press, Wolf 2017, arXiv:1608.05859), and by
/// "head.weight" (words, width) otherwise; "head.bias" (words) is added. The table's parameter is called as in
/// `network`. Throws Error{usage} for a network that looks no tokens up, or has no mask.
Blueprint language_model_head(const Graph& network, const HeadFeatures& features);

}  // namespace enxerto
