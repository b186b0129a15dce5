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

/// The factors of a phase's steps, equal to PyTorch's StepLR and ExponentialLR (by epoch), CosineAnnealingLR,
/// OneCycleLR (two phases, cosine; it ends at 1e-4 of its start) and LinearLR (by step) and ReduceLROnPlateau (mode
/// min, relative threshold), each behind its LinearLR as warm-up in a SequentialLR.
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
  double (*rule_)(const ScheduleOptions&, double step, double total, std::int64_t epoch);
  PlateauState plateau_;
};

}  // namespace enxerto
