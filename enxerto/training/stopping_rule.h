#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "enxerto/training/pacing.h"

namespace enxerto {

/// What early stopping remembers.
struct StoppingState {
  std::optional<double> best;            ///< best value of the monitor
  std::int64_t best_epoch = 0;           ///< its epoch, from 1; 0: none yet
  std::int64_t bad_epochs = 0;           ///< epochs since
  std::optional<double> best_loss = {};  ///< its validation loss
  std::optional<double> reference = {};  ///< best value that was an improvement by more than `min_delta`
  bool operator==(const StoppingState&) const = default;
};

/// Early stopping: which epoch was the best, and whether it is time to stop.
class StoppingRule {
 public:
  /// `higher_is_better`: of the monitor.
  StoppingRule(EarlyStopping options, bool higher_is_better)
      : options_(std::move(options)), higher_is_better_(higher_is_better) {}

  /// Tells the monitor's value at the end of an epoch (from 1); true where it is the best so far. An epoch counts as
  /// improvement for `patience` only where it is better by more than `min_delta`. Of equal values (accuracies of few
  /// examples often are) that with the lower validation loss is the better one.
  bool epoch_ended(std::int64_t epoch, double value, std::optional<double> val_loss = {});

  /// True once `patience` epochs went without improvement.
  bool should_stop() const;

  bool higher_is_better() const { return higher_is_better_; }
  const StoppingState& state() const { return state_; }
  void restore(const StoppingState& state) { state_ = state; }

 private:
  EarlyStopping options_;
  bool higher_is_better_;
  StoppingState state_;
};

}  // namespace enxerto
