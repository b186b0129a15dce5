#pragma once
#include "enxerto/training/training_loop.h"
#include "enxerto/transfer/phase.h"

namespace enxerto {

/// The options of a phase as far as it says them.
LoopOptions loop_options(const Phase& phase);

/// Steps of an epoch of so many examples, those that are judged after it counted as if they were learned from.
double steps_in_epoch(const Phase& phase, double learned_from, double judged);

}  // namespace enxerto
