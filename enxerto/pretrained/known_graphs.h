#pragma once
#include <string_view>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// A graph of TensorFlow.js that is published everywhere, and nowhere in its file says what it wants of pixels.
struct KnownGraph {
  std::string_view name;
  std::string_view normalise;  ///< a word of input.normalise
};

/// The row of the table whose outputs and size of input the graph has; null where there is none.
const KnownGraph* known_graph(const Graph& graph);

}  // namespace enxerto
