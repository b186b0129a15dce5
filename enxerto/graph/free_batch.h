#pragma once
#include <string>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// The same network for any number of examples: the first dimension of each input becomes `symbol`. Where an exporter
/// wrote the number of examples into a Reshape, an Expand, a Concat or the indices of a Gather, that is undone; so is a
/// number that a file whose first dimension is open holds as if there were one example. Throws Error{weights} naming
/// the node where that is not possible.
Graph with_free_batch(const Graph& graph, const std::string& symbol);

}  // namespace enxerto
