#include "enxerto/training/schedule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "enxerto/training/number_rule.h"

namespace enxerto {
namespace {

/// OneCycleLR ends at this part of the rate at which it begins (final_div_factor of PyTorch: 1e4).
constexpr double kCycleEnd = 1e-4;

/// From `from` to `to` along half a cosine; `share` 0 to 1.
double along_cosine(double from, double to, double share) {
  return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * share));
}

double constant(const ScheduleOptions&, double, double, std::int64_t) { return 1; }

double by_step(const ScheduleOptions& options, double, double, std::int64_t epoch) {
  return std::pow(options.gamma, std::floor(static_cast<double>(epoch) / options.step_epochs));
}

double exponential(const ScheduleOptions& options, double, double, std::int64_t epoch) {
  return std::pow(options.gamma, static_cast<double>(epoch));
}

double cosine(const ScheduleOptions& options, double step, double total, std::int64_t) {
  return along_cosine(1, options.final_factor, std::min(step / total, 1.0));
}

double one_cycle(const ScheduleOptions& options, double step, double total, std::int64_t) {
  const double peak = options.cycle_rise * total - 1, end = total - 1;
  step = std::min(step, end);
  if (step <= peak) return along_cosine(options.cycle_start, 1, peak > 0 ? step / peak : 1);
  return along_cosine(1, options.cycle_start * kCycleEnd, (step - peak) / (end - peak));
}

double linear(const ScheduleOptions& options, double step, double total, std::int64_t) {
  return 1 + (options.final_factor - 1) * std::min(step / total, 1.0);
}

struct Kind {
  std::string_view name;
  double (*rule)(const ScheduleOptions&, double step, double total, std::int64_t epoch);
};

constexpr std::array kKinds{
    Kind{"constant", constant},   Kind{"step", by_step},  Kind{"exponential", exponential},    Kind{"cosine", cosine},
    Kind{"one_cycle", one_cycle}, Kind{"linear", linear}, Kind{"reduce_on_plateau", constant},
};

}  // namespace

std::vector<std::string> schedule_kinds() {
  std::vector<std::string> names;
  for (const Kind& kind : kKinds) names.emplace_back(kind.name);
  return names;
}

void check(const ScheduleOptions& options, std::string_view where) {
  check_word(where, {.field = "schedule", .word = options.kind, .words = schedule_kinds()});
  const std::array rules{
      NumberRule{.field = "warmup_epochs", .value = options.warmup_epochs},
      NumberRule{.field = "warmup_factor", .value = options.warmup_factor, .high = 1},
      NumberRule{.field = "gamma", .value = options.gamma, .high = 1, .low_open = true},
      NumberRule{.field = "step_epochs", .value = options.step_epochs, .low_open = true},
      NumberRule{.field = "final_factor", .value = options.final_factor, .high = 1},
      NumberRule{.field = "cycle_start", .value = options.cycle_start, .high = 1, .low_open = true},
      NumberRule{.field = "cycle_rise", .value = options.cycle_rise, .high = 1, .low_open = true, .high_open = true},
      NumberRule{.field = "plateau_patience", .value = static_cast<double>(options.plateau_patience)},
      NumberRule{.field = "plateau_min_delta", .value = options.plateau_min_delta, .high = 1, .high_open = true},
  };
  check_numbers(where, rules);
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
         rule_(options_, static_cast<double>(own), static_cast<double>(total_), own / steps_per_epoch_);
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
