#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/metrics/history.h"
#include "enxerto/training/epoch_average.h"
#include "enxerto/training/schedule.h"
#include "enxerto/training/stopping_rule.h"

namespace enxerto {

/// How often a step was not finite.
struct SkippedSteps {
  std::int64_t total = 0, in_a_row = 0, in_epoch = 0;
  bool operator==(const SkippedSteps&) const = default;
};

/// Where a phase is: everything beside the trainer's state that its next step and its figures depend on.
struct LoopState {
  std::int64_t epoch = 0;       ///< that runs, from 0
  std::int64_t step = 0;        ///< steps of it that are done
  std::int64_t steps_done = 0;  ///< of all epochs
  double loss_sum = 0;          ///< of the running epoch: losses times weights
  double weight = 0;            ///< that went into `loss_sum`
  double seconds = 0;           ///< spent in the running epoch
  SkippedSteps skipped = {};
  PlateauState plateau = {};
  StoppingState stopping = {};
  PhaseHistory history = {};
  std::vector<KeptEpoch> kept = {};  ///< that may be averaged; as text without their weights
};

/// A phase that can be resumed.
struct LoopSnapshot {
  LoopState state = {};
  StateDict trainer = {};  ///< `Trainer::state()`
  StateDict best = {};     ///< the best epoch's weights; empty where no epoch has ended or the last one's are kept
};

/// As text, to be kept beside the tensors. Reading throws Error{weights} naming `where`.
std::string to_text(const LoopState& state);
LoopState loop_state_from(std::string_view text, std::string_view where);
std::string to_text(const PhaseHistory& history);
PhaseHistory phase_history_from(std::string_view text, std::string_view where);

}  // namespace enxerto
