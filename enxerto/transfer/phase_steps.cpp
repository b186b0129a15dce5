#include "enxerto/transfer/phase_steps.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/quantity.h"
#include "enxerto/base/to_size.h"
#include "enxerto/training/available_memory.h"
#include "enxerto/training/epoch_batches.h"
#include "enxerto/training/memory_estimate.h"
#include "enxerto/training/step_time.h"
#include "enxerto/transfer/loop_options.h"

namespace enxerto {
namespace {

/// Of an epoch, judging counted as if it were learning.
double steps_with_judging(const PhaseSteps& steps) {
  const Phase& phase = steps.phase;
  const auto learned = static_cast<double>(steps.training.size());
  const double judged = steps.validation != nullptr ? static_cast<double>(steps.validation->size()) / 3 : 0;
  if (phase.batch_tokens == 0) return steps_in_epoch(phase, learned, judged);
  const EpochBatchesOptions all{.examples = steps.training.size(),
                                .batch_size = phase.batch_size,
                                .batch_tokens = phase.batch_tokens,
                                .no_singles = steps.trains_norms,
                                .lengths = tokens_of(steps.training, steps.name)};
  const auto learning = static_cast<double>(steps_per_epoch(all));
  const auto most = static_cast<double>(phase.steps_per_epoch);
  return (most > 0 ? std::min(learning, most) : learning) + learning * judged / learned;
}

/// What tries some steps takes the phase's batches.
template <typename Options>
Options batches_of(const PhaseSteps& steps) {
  Options options;
  options.batch_size = steps.phase.batch_size;
  options.batch_tokens = steps.phase.batch_tokens;
  options.accumulation_steps = steps.accumulation_steps;
  options.trains_norms = steps.trains_norms;
  options.seed = steps.seed;
  return options;
}

}  // namespace

std::int64_t longest_batch(const PhaseSteps& steps) {
  const Phase& phase = steps.phase;
  if (phase.batch_tokens == 0) return phase.batch_size;
  const std::vector<std::size_t> tokens = tokens_of(steps.training, steps.name);
  const std::size_t longest = tokens.empty() ? 1 : *std::ranges::max_element(tokens);
  const std::int64_t examples = phase.batch_tokens / static_cast<std::int64_t>(std::max<std::size_t>(longest, 1));
  const std::int64_t most = phase.batch_size > 0 ? phase.batch_size : static_cast<std::int64_t>(tokens.size());
  return std::max<std::int64_t>(std::min(examples, most), 1);
}

std::int64_t split_to_fit(const PhaseSteps& steps, const Graph& learner, const TrainerOptions& options,
                          Progress& progress) {
  const Phase& phase = steps.phase;
  StepMemory memory = step_memory(learner, options, longest_sizes(learner, steps.training));
  memory.averages += static_cast<std::uint64_t>(phase.average_epochs) * memory.gradients;
  const std::int64_t batch = longest_batch(steps);
  const std::int64_t pieces =
      accumulation_that_fits(memory, {.batch_size = batch,
                                      .accumulation_steps = std::min(phase.accumulation_steps, batch),
                                      .available = available_memory(),
                                      .norms = steps.trains_norms ? NormPolicy::train : NormPolicy::frozen,
                                      .compares_examples = steps.compares_examples,
                                      .where = steps.name});
  if (pieces > phase.accumulation_steps)
    progress.notice(fmt::format(
        "{}: batches of {} are computed in {} micro-batches, to fit into memory", steps.name,
        phase.batch_tokens > 0 ? counted(to_size(phase.batch_tokens), "token") : fmt::to_string(batch), pieces));
  return std::max(pieces, phase.batch_tokens > 0 ? phase.accumulation_steps : 1);
}

double epoch_seconds(const PhaseSteps& steps, Trainer& trainer, Progress& progress) {
  return steps_with_judging(steps) *
         seconds_per_step(trainer, steps.training, batches_of<StepTimeOptions>(steps), progress);
}

FoundRate find_rate(const PhaseSteps& steps, Trainer& trainer, Progress& progress) {
  return find_rate(trainer, steps.training, batches_of<RateFinderOptions>(steps), progress);
}

}  // namespace enxerto
