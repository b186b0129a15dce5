#pragma once
#include "enxerto/graph/graph.h"

namespace enxerto {

/// A network whose output is a sum or an average of several dense layers on different values (two heads of a distilled
/// transformer, one for each scale), with one dense layer on these values side by side in their place: the same
/// function, and what all of them take is what a new head learns from. Any other network as it is.
Graph with_joined_classifiers(Graph graph);

}  // namespace enxerto
