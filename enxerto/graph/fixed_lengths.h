#pragma once
#include <cstdint>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// A size of the graph's inputs other than the batch, their first, is known at run time only: an example's length.
bool has_varying_lengths(const Graph& graph);

/// The graph with `length` in place of each such size, for what depends on it: its cost. Nothing else is changed.
Graph with_lengths(Graph graph, std::int64_t length);

}  // namespace enxerto
