#pragma once
#include <string>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// The same network for any number of examples: the first dimension of each input becomes `symbol`. Where an exporter
/// wrote the number of examples into a Reshape, an Expand or a Concat, that is undone. Throws Error{weights} naming the
/// node where that is not possible.
Graph with_free_batch(const Graph& graph, const std::string& symbol);

}  // namespace enxerto
