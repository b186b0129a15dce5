#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/workflow/training_run.h"
#include "enxerto/workflow/worse_than_baseline.h"

namespace enxerto {

/// Nothing is done again as a phase did it that diverged. Where its own weights are the best there are, they are kept
/// only if they are better than an answer that looks at nothing. Throws Error{diverged} otherwise.
void TrainingRun::doubt_diverged() {
  const auto last = report_.phases.begin() + static_cast<std::ptrdiff_t>(winner_) + 1;
  if (std::none_of(report_.phases.begin(), last, [](const PhaseReport& one) { return one.diverged; })) return;
  refits_ = false;
  const PhaseReport& kept = report_.phases.at(winner_);
  if (!kept.diverged) return;
  const MetricsReport measured =
      metrics_of(network_, positions_of(roles_.validation.empty() ? roles_.train : roles_.validation));
  if (beats_baseline(measured)) return;
  if (checkpoints_) checkpoints_->remove();
  std::string found = "diverged, and none of its epochs is better than an answer that looks at nothing";
  for (const std::string& sentence : worse_than_baseline(measured)) found += fmt::format(" ({})", sentence);
  throw Error(ErrorKind::diverged,
              {.where = kept.name,
               .found = std::move(found),
               .expected = "a loss that falls",
               .tip = fmt::format("a smaller learning rate than {:g}, such as {:g}, or clip_norm = 1",
                                  kept.learning_rate, kept.learning_rate / 10)});
}

/// The phases up to the best one once more, from the beginning, with the validation examples among those to learn from:
/// each ends after the epoch that it kept, at the learning rates that it had.
void TrainingRun::refit() {
  report_.validation = metrics_of(network_, positions_of(roles_.validation));
  context_.training.insert(context_.training.end(), context_.validation.begin(), context_.validation.end());
  std::ranges::sort(context_.training);
  context_.validation.clear();
  context_.validation_chooses = false;
  progress_.result(fmt::format("refit: {} again, on {} {}, those of the validation part included",
                               winner_ > 0 ? fmt::format("phases 1 to {}", winner_ + 1) : "phase 1",
                               roles_.train.size() + roles_.validation.size(), nouns_of(data_.all->info().inputs)));
  if (state_.finished.size() == phases_.size()) state_.weights = {};
  try {
    while (state_.finished.size() < phases_.size() + winner_ + 1) run_next();
  } catch (const DivergedError& error) {
    report_.refit.clear();
    progress_.notice(fmt::format("{}; the weights from before the refit are kept", error.what()));
    return;
  }
  if (std::ranges::any_of(report_.refit, &PhaseReport::diverged)) {
    report_.refit.clear();
    report_.phases.at(winner_).diverged = true;  // at a rate that is too high for the same examples and a few more
    return progress_.notice("the refit diverged; the weights from before it are kept");
  }
  network_ = context_.task->finished(with_parameters(grown_, state_.weights));
  kept_ = phases_.size() + winner_;
  std::vector<std::size_t> learned = positions_of(roles_.train);
  const std::vector<std::size_t> chose = positions_of(roles_.validation);
  learned.insert(learned.end(), chose.begin(), chose.end());
  if (TaskPtr task = context_.task->relearned(*data_.all, learned)) context_.task = std::move(task);
}

}  // namespace enxerto
