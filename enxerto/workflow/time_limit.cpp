#include "enxerto/workflow/time_limit.h"

#include <algorithm>

#include <fmt/format.h>

#include "enxerto/base/duration.h"
#include "enxerto/transfer/set_epochs.h"
#include "enxerto/workflow/training_run.h"

namespace enxerto {

std::int64_t epochs_that_fit(const TimeLeft& left, double epoch_seconds) {
  constexpr double kUsable = 0.9;
  const Phase& phase = left.phases.front();
  double epochs = 0;
  for (const Phase& one : left.phases)
    if (!one.solved_exactly()) epochs += static_cast<double>(one.epochs);
  const double share = static_cast<double>(phase.epochs) / epochs;
  const double fitting = kUsable * left.seconds * share / ((left.refits ? 2 : 1) * std::max(epoch_seconds, 1e-9));
  return std::clamp(static_cast<std::int64_t>(std::min(fitting, 1e9)), std::int64_t{1}, phase.epochs);
}

void shorten(Phase& phase, std::int64_t epochs) {
  if (epochs <= 0 || epochs >= phase.epochs) return;
  set_epochs(phase, epochs);
}

/// Before its first step, when it is known how long a step takes.
void TrainingRun::fit_into_time(std::size_t number, Phase& phase, double epoch_seconds) {
  const double used = watch_.seconds();
  const std::int64_t epochs = epochs_that_fit(
      {.seconds = time_limit_ - used, .phases = std::span(phases_).subspan(number), .refits = refits_}, epoch_seconds);
  if (epochs < phase.epochs)
    progress_.notice(fmt::format("{}: {} of {} epochs, to end within {} ({} per epoch{})", name_of_phase(number),
                                 epochs, phase.epochs, duration_text(time_limit_), duration_text(epoch_seconds),
                                 refits_ ? ", and the refit as long" : ""));
  if (epochs * epoch_seconds * (refits_ ? 2 : 1) > time_limit_ - used)
    progress_.notice(fmt::format("{}: not even one epoch fits into {}, so the run will take longer",
                                 name_of_phase(number), duration_text(time_limit_)));
  state_.notes[number].epochs = epochs;
  shorten(phases_[number], epochs);
  shorten(phase, epochs);
  save_checkpoint();
}

}  // namespace enxerto
