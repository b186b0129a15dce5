#pragma once
#include <optional>

#include "enxerto/pretrained/spec.h"
#include "enxerto/workflow/train.h"

namespace enxerto {

/// What is likeliest to make the next model better than that of the run, which used a backbone of `spec`. `own_rate`:
/// the learning rates are the user's, and not a preset's.
std::optional<NextStep> next_step(const TrainReport& report, const PretrainedSpec& spec, bool own_rate);

}  // namespace enxerto
