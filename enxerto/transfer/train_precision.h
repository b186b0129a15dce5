#pragma once
#include <cstdint>

#include "enxerto/engine/executor.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// What a network is trained in where nothing is asked: bfloat16 where this processor has it and the network gains by
/// it. `places`: how often it does for an example what `cost` counts once.
Precision usual_train_precision(const Graph& suffix, std::uint64_t places = 1);

}  // namespace enxerto
