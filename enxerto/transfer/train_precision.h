#pragma once
#include "enxerto/engine/executor.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// What a network is trained in where nothing is asked: bfloat16 where this processor has it and the network gains by
/// it.
Precision usual_train_precision(const Graph& suffix);

}  // namespace enxerto
