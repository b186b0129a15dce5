#pragma once
#include <cstdint>

#include "enxerto/engine/trainer.h"

namespace enxerto {

/// How many parts of a batch a step computes at the same time (`TrainerOptions::side_by_side`): a thread each, as long
/// as each part has a few examples and the gradients of all of them are no burden to memory. 1 where parts would depend
/// on each other.
int parts_side_by_side(const TrainerOptions& options, const Graph& learner, std::int64_t batch_size,
                       std::uint64_t learned_values);

}  // namespace enxerto
