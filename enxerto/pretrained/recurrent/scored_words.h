#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/graph/graph.h"
#include "enxerto/pretrained/load_backbone.h"

namespace enxerto {

/// A network that says what comes next by a window: so many tokens at once, the last ones, filled up in front.
struct WindowNetwork {
  Graph graph;  ///< inputs "input_ids" and "attention_mask" (batch, window), output "scores" (batch, words)
  std::int64_t window = 0;
  std::int64_t filler = 0;              ///< token in front of shorter texts
  std::vector<std::string> notes = {};  ///< what was assumed
};

/// Of a file of recurrent layers whose end is textgenrnn's (`RecurrentConfig::scored_words`): "attention/attention_W",
/// "output/kernel", "output/bias". Its window is the `max_length` of a file beside it whose name ends in "config.json",
/// or textgenrnn's 40 with a note. nullopt for files with another end. Throws Error{weights} for sizes that do not fit.
std::optional<WindowNetwork> scored_words(const Backbone& backbone);

}  // namespace enxerto
