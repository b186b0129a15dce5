#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "enxerto/engine/trainer.h"
#include "enxerto/transfer/phase.h"
#include "enxerto/transfer/phase_context.h"

namespace enxerto {

/// Where the phase asks for it, pieces of texts go on from one another and recurrent layers of `learner` can: gives it
/// inputs and outputs for their states, names them in `options`, says so, and returns of each training example the one
/// that it goes on from (`EpochBatchesOptions::before`). Otherwise changes nothing and returns nothing.
std::vector<std::size_t> carry_states(Graph& learner, TrainerOptions& options, const Phase& phase,
                                      const PhaseContext& context, const std::string& name, Progress& progress);

}  // namespace enxerto
