#pragma once
#include "enxerto/workflow/train.h"

namespace enxerto::cli {

/// What a training run did, how good its model is beside what needs no model, where model and report are, and what to
/// type next; `verbose`: how it was computed, and how long that took.
void print_training(const TrainReport& report, bool verbose);

}  // namespace enxerto::cli
