#pragma once
#include <cstddef>
#include <cstdint>

#include "enxerto/training/training_loop.h"
#include "enxerto/transfer/phase.h"

namespace enxerto {

/// The options of a phase as far as it says them.
LoopOptions loop_options(const Phase& phase);

/// Steps of an epoch of so many examples, those that are judged after it counted as if they were learned from.
double steps_in_epoch(const Phase& phase, double learned_from, double judged);

/// Of how many epochs one is judged where nothing depends on it: where more would be judged than is learned from,
/// curves have some eight points.
std::int64_t judged_every(std::int64_t epochs, std::size_t judged, std::size_t learned_from);

}  // namespace enxerto
