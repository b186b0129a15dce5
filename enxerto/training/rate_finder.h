#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/training/batch_source.h"

namespace enxerto {

struct RateFinderOptions {
  double lowest = 1e-7, highest = 10;  ///< the rate grows between them by a constant factor a step
  std::int64_t steps = 100;            ///< at least 20
  std::int64_t batch_size = 32, batch_tokens = 0, accumulation_steps = 1;  ///< as `EpochBatchesOptions`
  double stop_factor = 4;  ///< ends where the smoothed loss is so many times its least
  bool trains_norms = false;
  std::uint64_t seed = 0;
};

/// A learning rate range test.
struct FoundRate {
  std::vector<double> rates = {},
                      losses = {};  ///< of each step that was made; losses smoothed (0.98, debiased) as fastai's
  double suggestion = 0;
  std::string rule;  ///< "valley" | "steepest"
};

/// Learning rate range test (Smith 2017): trains a few steps at a growing rate and puts the trainer back as it was.
/// Throws Error{usage} for options out of range, Error{diverged} where the loss is not finite from the start or falls
/// nowhere, Error{interrupted}.
FoundRate find_rate(Trainer& trainer, BatchSource& training, const RateFinderOptions& options,
                    Progress& progress = no_progress());

/// The rate in the middle of the longest descent of the curve (fastai's "valley"). Rates and losses of one length, at
/// least 4.
double valley_rate(std::span<const double> rates, std::span<const double> losses);

/// The rate where the loss falls fastest by the logarithm of the rate.
double steepest_rate(std::span<const double> rates, std::span<const double> losses);

}  // namespace enxerto
