#include "enxerto/training/stopping_rule.h"

#include "enxerto/training/best_so_far.h"

namespace enxerto {

bool StoppingRule::epoch_ended(std::int64_t epoch, double value, std::optional<double> val_loss) {
  const Score now{.value = value, .higher_is_better = higher_is_better_};
  const auto improves = [&](const std::optional<double>& before, double by) {
    return !before || now.better_than({.value = *before}, by);
  };
  if (improves(state_.reference, options_.min_delta)) {
    state_.reference = value;
    state_.bad_epochs = 0;
  } else {
    ++state_.bad_epochs;
  }
  const bool wins_tie =
      state_.best && value == *state_.best && val_loss && state_.best_loss && *val_loss < *state_.best_loss;
  if (!improves(state_.best, 0) && !wins_tie) return false;
  state_.best = value;
  state_.best_loss = val_loss;
  state_.best_epoch = epoch;
  return true;
}

bool StoppingRule::should_stop() const { return options_.patience > 0 && state_.bad_epochs >= options_.patience; }

}  // namespace enxerto
