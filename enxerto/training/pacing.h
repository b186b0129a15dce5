#pragma once
#include <cstdint>
#include <string>

namespace enxerto {

inline constexpr std::int64_t kUsualBatch = 32;  ///< examples per step where nothing else is asked for

/// How the learning rate changes over a phase, as a factor of the phase's rate. All kinds may begin with a warm-up:
/// linear from `warmup_factor` to 1 over the first `warmup_epochs` (fractions allowed), the schedule proper after it.
struct ScheduleOptions {
  std::string kind = "constant";  ///< constant | step | exponential | cosine | one_cycle | linear | reduce_on_plateau
  double warmup_epochs = 0;
  double warmup_factor = 0;           ///< of the rate at the first step
  double gamma = 0.1;                 ///< step: factor every `step_size`; exponential: factor an epoch; plateau: factor
  double step_size = 10;              ///< of `step`
  double end_factor = 0;              ///< cosine, linear: of the rate at the end
  double cycle_start = 0.04;          ///< one_cycle: of the rate at the start (1 / div_factor of PyTorch: 1 / 25)
  double pct_start = 0.3;             ///< one_cycle: share of the steps that rise
  std::int64_t plateau_patience = 2;  ///< reduce_on_plateau: epochs without improvement of validation loss
  double plateau_min_delta = 1e-4;    ///< relative improvement that counts
};

/// When a phase ends early, and which weights it keeps.
struct EarlyStopping {
  std::string monitor = "val_loss";  ///< "loss", "val_loss", or "val_" and a figure of the task
  double min_delta = 0;              ///< less than this is no improvement
  std::int64_t patience = 5;         ///< epochs without improvement after which the phase ends; 0: it never ends early
  bool restore_best = true;          ///< the best epoch's weights are kept, not the last one's
};

}  // namespace enxerto
