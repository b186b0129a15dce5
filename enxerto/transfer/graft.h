#pragma once
#include "enxerto/graph/graph.h"
#include "enxerto/heads/softmax_regression.h"

namespace enxerto {

/// Channels of the value that enters the stage "head" of a network. Throws Error{weights} where it is not (batch,
/// channels, ..).
std::size_t features_before_head(const Graph& network);

/// `network` with everything from its stage "head" on replaced by a linear head. Throws Error{usage} where it has no
/// such stage.
Graph graft_linear_head(const Graph& network, const LinearClassifier& classifier);

/// The part of `network` that runs once per picture when only a linear head is trained, up to the pooled features.
Graph frozen_part(const Graph& network);

}  // namespace enxerto
