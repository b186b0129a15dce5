#pragma once
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/setting.h"
#include "enxerto/training/pacing.h"

namespace enxerto {

/// Names of all kinds.
std::vector<std::string> schedule_kinds();

/// The keys of a [[phase]] that make a schedule: "schedule", "warmup_epochs" ..
std::span<const Setting<ScheduleOptions>> schedule_settings();

/// Throws Error{usage}, naming `where` and the field, for an unknown kind (the nearest one) and fields out of range.
void check(const ScheduleOptions& options, std::string_view where);

/// How long a phase is.
struct PhaseLength {
  std::int64_t steps_per_epoch = 1, epochs = 1;  ///< both at least 1
};

/// What reduce_on_plateau remembers.
struct PlateauState {
  double best = std::numeric_limits<double>::infinity();
  std::int64_t bad_epochs = 0;
  double factor = 1;
  bool operator==(const PlateauState&) const = default;
};

/// A step behind the warm-up, as a rule sees it.
struct SchedulePlace {
  std::int64_t step = 0, epoch = 0;          ///< both from 0 where the warm-up ends
  std::int64_t steps = 1, warmup_steps = 0;  ///< of the schedule without its warm-up, at least 1; of the warm-up
};

/// How a kind goes on behind the warm-up.
using ScheduleRule = double (*)(const ScheduleOptions& options, const SchedulePlace& at);

/// The factors of a phase's steps. Each kind equals its peer, whose name stands at its rule in schedule.cpp, behind
/// PyTorch's LinearLR as warm-up in a SequentialLR.
class Schedule {
 public:
  /// Throws as `check` with `where` "schedule".
  Schedule(const ScheduleOptions& options, const PhaseLength& length);

  /// Of step 0 and up; steps past the end keep the last factor of schedules that end.
  double factor(std::int64_t step) const;

  /// Tells reduce_on_plateau how the epoch went; nothing to the others. A loss that is not a number is no improvement.
  void epoch_ended(double validation_loss);

  const PlateauState& state() const { return plateau_; }
  void restore(const PlateauState& state) { plateau_ = state; }

 private:
  ScheduleOptions options_;
  std::int64_t warmup_steps_ = 0, steps_per_epoch_ = 1, total_ = 1;  // total_: without the warm-up
  ScheduleRule rule_;
  PlateauState plateau_;
};

}  // namespace enxerto
