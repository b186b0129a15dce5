#pragma once
#include <cstdint>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// The same network for maps of `size` x `size`: `graph` has one input (batch, channels, height, width). Throws
/// Error{usage} where a layer was made for one size only (a dense layer behind a flattened map, position embeddings).
Graph with_input_size(Graph graph, std::int64_t size);

}  // namespace enxerto
