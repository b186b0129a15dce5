#pragma once
#include "enxerto/graph/graph.h"

namespace enxerto {

/// A network of tokens with recurrent layers in stages: "embeddings" and, from each layer on, "rnn0", "rnn1" .. Before
/// a layer its rows are turned to (batch, tokens, features) and back, so that examples can be told apart where it is
/// cut. A network without recurrent layers stays as it is.
Graph with_recurrent_stages(Graph graph);

}  // namespace enxerto
