#pragma once
#include <string>

#include "enxerto/engine/trainer.h"

namespace enxerto {

/// Throws Error{usage}, naming the option, its value and the range, for options that no Trainer of `graph` can have.
void check_options(const TrainerOptions& options, const Graph& graph);

/// Why micro-batches of a step depend on each other, or are no work for several threads; empty where they may be
/// computed side by side (`TrainerOptions::side_by_side`).
std::string one_by_one(const TrainerOptions& options, const Graph& graph);

}  // namespace enxerto
