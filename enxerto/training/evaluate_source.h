#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/metrics/batch_metric.h"
#include "enxerto/training/batch_source.h"

namespace enxerto {

struct EvaluateSourceOptions {
  std::int64_t batch_size = 32;
  bool averaged = false;  ///< the moving average of the parameters
  std::uint64_t epoch = 0;
};

/// Mean loss, by weight, over the examples of `source` with these numbers (all of them where `examples` is empty); the metrics are
/// reset, then updated. NaN for no examples. Throws Error{interrupted} when cancelled.
double evaluate_source(Trainer& trainer, BatchSource& source, std::span<const std::size_t> examples,
                       std::span<const std::shared_ptr<BatchMetric>> metrics, const EvaluateSourceOptions& options,
                       const Progress& progress = no_progress());

}  // namespace enxerto
