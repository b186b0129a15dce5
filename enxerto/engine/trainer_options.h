#pragma once
#include "enxerto/engine/trainer.h"

namespace enxerto {

/// Throws Error{usage}, naming the option, its value and the range, for options that no Trainer of `graph` can have.
void check_options(const TrainerOptions& options, const Graph& graph);

}  // namespace enxerto
