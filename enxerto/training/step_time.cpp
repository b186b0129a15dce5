#include "enxerto/training/step_time.h"

#include <algorithm>
#include <vector>

#include "enxerto/base/stopwatch.h"
#include "enxerto/training/batch_prefetch.h"
#include "enxerto/training/put_back.h"

namespace enxerto {
namespace {

constexpr std::size_t kMostSteps = 9;
constexpr double kSmallRate = 1e-8;  // the steps are undone; a rate of 0 might be a shortcut

}  // namespace

double seconds_per_step(Trainer& trainer, BatchSource& training, const StepTimeOptions& options, Progress& progress) {
  PutBack put_back(trainer);
  BatchPrefetch batches(training,
                        epoch_batches({.examples = training.size(),
                                       .batch_size = options.batch_size,
                                       .accumulation_steps = options.accumulation_steps,
                                       .batch_tokens = options.batch_tokens,
                                       .no_singles = options.trains_norms,
                                       .seed = options.seed,
                                       .lengths = batch_lengths(training, options.batch_tokens, "step time")},
                                      0),
                        0);
  std::vector<double> seconds;
  const Stopwatch all;
  const std::size_t most = std::min(batches.batches().size(), kMostSteps);
  for (std::size_t step = 0; step < most && (step < 3 || all.seconds() < options.seconds); ++step) {
    throw_if_cancelled(progress);
    const Stopwatch one;
    (void)trainer.step(batches.next(), kSmallRate);
    seconds.push_back(one.seconds());
  }
  put_back.now();
  if (seconds.size() > 1) seconds.erase(seconds.begin());
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::ranges::nth_element(seconds, middle);
  return *middle;
}

}  // namespace enxerto
