#pragma once
#include "enxerto/training/training_loop.h"
#include "enxerto/transfer/phase.h"

namespace enxerto {

/// The options of a phase as far as it says them.
LoopOptions loop_options(const Phase& phase);

}  // namespace enxerto
