#pragma once
#include "enxerto/graph/graph.h"

namespace enxerto {

/// The same network with the weights of its dense layers as 8-bit numbers, a scale for each row (output), and nothing
/// else changed: what reads a token at a time is bound by how fast weights come from memory. Tables in which words are
/// looked up stay as they are.
Graph with_int8_weights(const Graph& graph);

}  // namespace enxerto
