#pragma once
#include "enxerto/graph/graph.h"

namespace enxerto {

/// The same network in which the number of examples is asked of the nearest value before each use, not of the input: a
/// number that an exporter took from the input at the start would cross every cut.
Graph with_local_shapes(const Graph& graph);

}  // namespace enxerto
