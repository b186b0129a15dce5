#pragma once
#include <string>

#include "enxerto/training/training_loop.h"

namespace enxerto {

/// What errors call the phase.
std::string name_of(const LoopOptions& options);

/// Throws Error{usage} naming the phase for options out of range and a batch larger than the data, Error{data} for no
/// data.
void check(const LoopOptions& options, const PhaseData& data);

}  // namespace enxerto
