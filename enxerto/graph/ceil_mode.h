#pragma once
#include "enxerto/graph/graph.h"

namespace enxerto {

/// The same network with the `ceil_mode` of pooling only where it changes the size of the map. Elsewhere a last window
/// that would start in the padding is dropped, which engines do in different ways.
Graph without_idle_ceil_mode(Graph graph);

}  // namespace enxerto
