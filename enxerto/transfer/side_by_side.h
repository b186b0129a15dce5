#pragma once
#include <cstdint>

#include "enxerto/engine/trainer.h"

namespace enxerto {

/// What a step of a phase is of.
struct StepFacts {
  std::int64_t batch_size = 32;
  std::uint64_t learned_values = 0;
  bool compares_examples = false;  ///< its loss compares those of a batch with each other (heads/loss.h)
};

/// How many parts of a batch a step computes at the same time (`TrainerOptions::side_by_side`): a thread each, as long
/// as each part has a few examples and the gradients of all of them are no burden to memory. 1 where parts would depend
/// on each other.
int parts_side_by_side(const TrainerOptions& options, const Graph& learner, const StepFacts& step);

}  // namespace enxerto
