#pragma once
#include "enxerto/generation/with_cache.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// The total of the target's words that were read, each with its position, (batch, total) int64.
inline constexpr const char* kKeyPositions = "key_positions";

/// A network that writes one text for another, in two.
struct TranslationParts {
  /// All that does not depend on the target, once for each text: inputs "input_ids" and "attention_mask"; outputs are
  /// the keys and values of the decoder's attention to the source, and its mask, by names of the network's own.
  Graph memory;

  /// One more word: inputs "decoder_input_ids" (batch, 1), "position_ids" (batch, 1), "key_positions" (batch, total),
  /// as far as they are used, the outputs of `memory`, and what is kept; output "scores" (batch, words).
  CachedNetwork step;
};

/// Divides a network as `marian` of the zoo has it. Throws Error{weights} for one that has other attention.
TranslationParts translation_parts(const Graph& network);

}  // namespace enxerto
