#pragma once
#include "enxerto/graph/graph.h"

namespace enxerto {

/// The same function without the arithmetic on shapes that exporters write: what follows from fixed sizes becomes a
/// constant, a Reshape to a computed shape with one symbol becomes one to numbers (0 copies, -1 is the rest), and
/// nodes that nothing uses any more go. Throws Error{weights} where shapes do not go together.
Graph fold_shapes(const Graph& graph);

/// Removes nodes and parameters that no output depends on.
Graph without_dead_nodes(const Graph& graph);

}  // namespace enxerto
