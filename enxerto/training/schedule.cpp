#include "enxerto/training/schedule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace enxerto {
namespace {

/// OneCycleLR ends at this part of the rate at which it begins (final_div_factor of PyTorch: 1e4).
constexpr double kCycleEnd = 1e-4;

/// From `from` to `to` along half a cosine; `share` 0 to 1.
double along_cosine(double from, double to, double share) {
  return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * share));
}

double share_of(const SchedulePlace& at) {
  return std::min(static_cast<double>(at.step) / static_cast<double>(at.steps), 1.0);
}

double constant(const ScheduleOptions&, const SchedulePlace&) { return 1; }

/// StepLR, by epoch.
double by_step(const ScheduleOptions& options, const SchedulePlace& at) {
  return std::pow(options.gamma, std::floor(static_cast<double>(at.epoch) / options.step_size));
}

/// ExponentialLR, by epoch.
double exponential(const ScheduleOptions& options, const SchedulePlace& at) {
  return std::pow(options.gamma, static_cast<double>(at.epoch));
}

/// CosineAnnealingLR, by step.
double cosine(const ScheduleOptions& options, const SchedulePlace& at) {
  return along_cosine(1, options.end_factor, share_of(at));
}

/// OneCycleLR of two parts, along a cosine; it ends at 1e-4 of its start.
double one_cycle(const ScheduleOptions& options, const SchedulePlace& at) {
  const auto total = static_cast<double>(at.steps);
  const double peak = options.pct_start * total - 1, end = total - 1;
  const double step = std::min(static_cast<double>(at.step), end);
  if (step <= peak) return along_cosine(options.cycle_start, 1, peak > 0 ? step / peak : 1);
  return along_cosine(1, options.cycle_start * kCycleEnd, (step - peak) / (end - peak));
}

/// LinearLR, by step.
double linear(const ScheduleOptions& options, const SchedulePlace& at) {
  return 1 + (options.end_factor - 1) * share_of(at);
}

/// transformers' get_inverse_sqrt_schedule and fairseq's inverse_sqrt, by step. The timescale is the warm-up; where
/// there is none, transformers' 10,000 steps.
double inverse_square_root(const ScheduleOptions&, const SchedulePlace& at) {
  constexpr std::int64_t kTimescale = 10'000;
  const auto timescale = static_cast<double>(at.warmup_steps > 0 ? at.warmup_steps : kTimescale);
  return std::sqrt(timescale / (timescale + static_cast<double>(at.step)));
}

/// ReduceLROnPlateau, mode min, relative threshold: `Schedule::epoch_ended` changes its factor.
double constant_between_epochs(const ScheduleOptions&, const SchedulePlace&) { return 1; }

struct Kind {
  std::string_view name;
  ScheduleRule rule;
};

constexpr std::array kKinds{
    Kind{"constant", constant},
    Kind{"step", by_step},
    Kind{"exponential", exponential},
    Kind{"cosine", cosine},
    Kind{"one_cycle", one_cycle},
    Kind{"linear", linear},
    Kind{"inverse_square_root", inverse_square_root},
    Kind{"reduce_on_plateau", constant_between_epochs},
};

constexpr std::array kFields{
    Setting<ScheduleOptions>{"schedule",
                             [](ScheduleOptions& o) -> SettingSlot { return &o.kind; },
                             "how the learning rate changes over the phase",
                             {},
                             schedule_kinds},
    Setting<ScheduleOptions>{
        "warmup_epochs", [](ScheduleOptions& o) -> SettingSlot { return &o.warmup_epochs; },
        "epochs of linear warm-up, fractions allowed; the timescale of inverse_square_root (0: 10000 steps)",
        kNotNegative},
    Setting<ScheduleOptions>{"warmup_factor", [](ScheduleOptions& o) -> SettingSlot { return &o.warmup_factor; },
                             "share of the rate at its first step", kShare},
    Setting<ScheduleOptions>{"gamma",
                             [](ScheduleOptions& o) -> SettingSlot { return &o.gamma; },
                             "factor of the rate; step: every `step_size` epochs; exponential: every epoch; "
                             "reduce_on_plateau: at each plateau",
                             {.low = 0, .high = 1, .low_open = true}},
    Setting<ScheduleOptions>{"step_size", [](ScheduleOptions& o) -> SettingSlot { return &o.step_size; },
                             "step: epochs between two reductions", kAboveZero},
    Setting<ScheduleOptions>{"end_factor", [](ScheduleOptions& o) -> SettingSlot { return &o.end_factor; },
                             "cosine, linear: share of the rate at the end", kShare},
    Setting<ScheduleOptions>{"cycle_start",
                             [](ScheduleOptions& o) -> SettingSlot { return &o.cycle_start; },
                             "one_cycle: share of the rate at the start (1 / div_factor of PyTorch)",
                             {.low = 0, .high = 1, .low_open = true}},
    Setting<ScheduleOptions>{"pct_start",
                             [](ScheduleOptions& o) -> SettingSlot { return &o.pct_start; },
                             "one_cycle: share of the steps in which the rate rises",
                             {.low = 0, .high = 1, .low_open = true, .high_open = true}},
    Setting<ScheduleOptions>{"plateau_patience", [](ScheduleOptions& o) -> SettingSlot { return &o.plateau_patience; },
                             "reduce_on_plateau: epochs without improvement of the validation loss (without validation "
                             "examples, of the training loss)",
                             kNotNegative},
    Setting<ScheduleOptions>{"plateau_min_delta",
                             [](ScheduleOptions& o) -> SettingSlot { return &o.plateau_min_delta; },
                             "reduce_on_plateau: relative improvement that counts", kBelowOne},
};

}  // namespace

std::vector<std::string> schedule_kinds() {
  std::vector<std::string> names;
  for (const Kind& kind : kKinds) names.emplace_back(kind.name);
  return names;
}

std::span<const Setting<ScheduleOptions>> schedule_settings() { return kFields; }

void check(const ScheduleOptions& options, std::string_view where) {
  check(schedule_settings(), options, std::string(where) + ": ");
}

Schedule::Schedule(const ScheduleOptions& options, const PhaseLength& length)
    : options_(options), steps_per_epoch_(std::max<std::int64_t>(length.steps_per_epoch, 1)) {
  check(options, "schedule");
  const double all = static_cast<double>(steps_per_epoch_) * static_cast<double>(length.epochs);
  warmup_steps_ = std::llround(std::min(options.warmup_epochs * static_cast<double>(steps_per_epoch_), all));
  total_ = std::max<std::int64_t>(std::llround(all) - warmup_steps_, 1);
  rule_ = std::ranges::find(kKinds, options.kind, &Kind::name)->rule;
}

double Schedule::factor(std::int64_t step) const {
  if (step < warmup_steps_) {
    const double share = static_cast<double>(step) / static_cast<double>(warmup_steps_);
    return plateau_.factor * (options_.warmup_factor + (1 - options_.warmup_factor) * share);
  }
  const std::int64_t own = step - warmup_steps_;
  return plateau_.factor *
         rule_(options_,
               {.step = own, .epoch = own / steps_per_epoch_, .steps = total_, .warmup_steps = warmup_steps_});
}

void Schedule::epoch_ended(double validation_loss) {
  if (options_.kind != "reduce_on_plateau") return;
  if (validation_loss < plateau_.best * (1 - options_.plateau_min_delta)) {
    plateau_.best = validation_loss;
    plateau_.bad_epochs = 0;
  } else if (++plateau_.bad_epochs > options_.plateau_patience) {
    plateau_.factor *= options_.gamma;
    plateau_.bad_epochs = 0;
  }
}

}  // namespace enxerto
