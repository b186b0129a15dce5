#pragma once
#include <string>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// The value that a network of `scoring_network` answers with: a number for every word that may come next, before the
/// softmax.
inline constexpr const char* kScores = "scores";

/// The part of a language model that says what comes next: inputs "input_ids" and "attention_mask" (batch, tokens),
/// output "scores" (batch, words), of the last token alone. `network` has a head of `language_model_head`. Throws
/// Error{weights} for one that has none.
Graph scoring_network(const Graph& network);

}  // namespace enxerto
