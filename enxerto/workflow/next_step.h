#pragma once
#include <optional>

#include "enxerto/pretrained/spec.h"
#include "enxerto/workflow/train.h"

namespace enxerto {

/// What is likeliest to make the next model better than that of the run, which used a backbone of `spec`.
std::optional<NextStep> next_step(const TrainReport& report, const PretrainedSpec& spec);

}  // namespace enxerto
