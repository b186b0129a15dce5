#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "enxerto/engine/trainer.h"
#include "enxerto/training/batch_source.h"
#include "enxerto/training/epoch_batches.h"
#include "enxerto/training/loop_state.h"

namespace enxerto {

/// Steps in a row that may be not finite before a phase has diverged.
inline constexpr std::int64_t kMostSkippedInARow = 5;

/// Counts a step.
void count_step(SkippedSteps& skipped, bool applied);

/// True once there are too many: five in a row, or more than a tenth of the epoch's steps and more than two.
bool has_diverged(const SkippedSteps& skipped, std::int64_t steps_per_epoch);

/// Names of the examples of a batch whose values are not finite, or else of all its examples.
std::vector<std::string> suspects(const BatchSource& source, const MicroBatches& numbers,
                                  std::span<const TrainBatch> micro_batches);

/// "a.jpg, b.jpg and 14 more".
std::string listed(std::span<const std::string> names);

}  // namespace enxerto
