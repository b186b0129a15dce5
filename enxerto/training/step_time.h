#pragma once
#include <cstdint>

#include "enxerto/base/progress.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/training/batch_source.h"

namespace enxerto {

struct StepTimeOptions {
  std::int64_t batch_size = 32, batch_tokens = 0, accumulation_steps = 1;  ///< as `EpochBatchesOptions`
  bool trains_norms = false;
  std::uint64_t seed = 0;
  double seconds = 3;  ///< so long is measured at most, but two steps at least
};

/// How long a step of `trainer` takes, data included: the median of a few steps after a first one, which is slower.
/// Puts the trainer back as it was. Throws Error{interrupted} and what the source and the trainer throw.
double seconds_per_step(Trainer& trainer, BatchSource& training, const StepTimeOptions& options,
                        Progress& progress = no_progress());

}  // namespace enxerto
