#pragma once
#include "enxerto/graph/graph.h"

namespace enxerto {

/// The same function with each batch normalisation folded into the convolution or Gemm before it, where nothing else
/// uses that one's output or parameters. Computed in float64, rounded once. A convolution without a bias gets one,
/// named after its weight; normalisations behind anything else stay.
Graph fold_batch_norm(const Graph& graph);

}  // namespace enxerto
