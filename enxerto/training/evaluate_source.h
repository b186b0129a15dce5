#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/training/batch_source.h"

namespace enxerto {

struct EvaluateSourceOptions {
  std::int64_t batch_size = 32, batch_tokens = 0;  ///< as `EpochBatchesOptions` have them
  bool averaged = false;                           ///< the moving average of the parameters
  std::uint64_t epoch = 0;
  bool unmixed = false;  ///< each example for itself, where training mixes them
};

/// Mean loss, by weight, and by "plain_loss" where the trainer answers that, over the examples of `source` with these
/// numbers (all of them where `examples` is empty); `metrics` are reset, then updated; null: there are none. NaN for no
/// examples. Throws Error{interrupted} when cancelled.
double evaluate_source(Trainer& trainer, BatchSource& source, std::span<const std::size_t> examples, MetricSet* metrics,
                       const EvaluateSourceOptions& options, const Progress& progress = no_progress());

}  // namespace enxerto
