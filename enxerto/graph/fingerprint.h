#pragma once
#include "enxerto/base/hash.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// Hash of what the graph computes: inputs, operations, attributes and the bytes of parameters, as seen from the
/// outputs. Names (of nodes, values, parameters, stages) and the order of independent nodes do not count; nodes that
/// reach no output do not either.
Hash128 fingerprint(const Graph& graph);

}  // namespace enxerto
