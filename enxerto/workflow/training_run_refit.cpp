#include <algorithm>

#include <fmt/format.h>

#include "enxerto/workflow/training_run.h"

namespace enxerto {

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
  network_ = context_.task->finished(with_parameters(grown_, state_.weights));
  kept_ = phases_.size() + winner_;
}

}  // namespace enxerto
