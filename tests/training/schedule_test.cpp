#include "enxerto/training/schedule.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/files/json.h"
#include "enxerto/weights/safetensors.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

constexpr double kTolerance = 1e-12;

Json golden() { return read_json(ENXERTO_TEST_DATA "/transfer/schedules.json", 1 << 20); }

void expect_rates(const ScheduleOptions& options, const std::string& name) {
  const Schedule schedule(options, {.steps_per_epoch = 5, .epochs = 6});
  const auto rates = golden().at(name).get<std::vector<double>>();
  for (std::size_t step = 0; step < rates.size(); ++step)
    EXPECT_NEAR(schedule.factor(static_cast<std::int64_t>(step)), rates[step], kTolerance) << name << " " << step;
}

TEST(Schedule, IsPyTorchsWhereAnEpochHasSeveralSteps) {
  expect_rates({.kind = "step", .gamma = 0.3, .step_size = 2}, "step");
  expect_rates({.kind = "exponential", .gamma = 0.8}, "exponential");
  expect_rates({.kind = "cosine", .end_factor = 0.1}, "cosine");
  expect_rates({.kind = "linear", .end_factor = 0.2}, "linear");
  expect_rates({.kind = "one_cycle", .cycle_start = 0.1, .pct_start = 0.4}, "one_cycle");
}

TEST(Schedule, WarmsUpAsPyTorchsSequence) {
  expect_rates({.kind = "cosine", .warmup_epochs = 1.4, .warmup_factor = 0.25, .end_factor = 0.1}, "warmed_cosine");
  expect_rates({.kind = "linear", .warmup_epochs = 1.4, .warmup_factor = 0.25, .end_factor = 0.2}, "warmed_linear");
}

TEST(Schedule, GivesTheRatesThatTheTrainerWasHeldAgainst) {
  const StateDict tensors = read_safetensors(ENXERTO_TEST_DATA "/engine/training_steps.safetensors");
  const std::vector<ScheduleOptions> kinds{
      {.kind = "constant"},
      {.kind = "step", .gamma = 0.5, .step_size = 4},
      {.kind = "exponential", .gamma = 0.9},
      {.kind = "cosine", .end_factor = 0.05},
      {.kind = "one_cycle"},
      {.kind = "linear", .end_factor = 0.1},
  };
  for (const bool warm : {false, true}) {
    for (ScheduleOptions options : kinds) {
      if (warm) options.warmup_epochs = 5;
      options.warmup_factor = 0.1;
      const Schedule schedule(options, {.steps_per_epoch = 1, .epochs = 20});
      const auto rates = tensors.at((warm ? "rates/warm_up_" : "rates/") + options.kind).as<double>();
      for (std::size_t i = 0; i < rates.size(); ++i)
        EXPECT_NEAR(schedule.factor(static_cast<std::int64_t>(i)), rates[i], kTolerance) << options.kind << " " << i;
    }
  }
}

TEST(Schedule, FallsOnAPlateauAsPyTorchs) {
  Schedule schedule({.kind = "reduce_on_plateau", .gamma = 0.5, .plateau_patience = 1}, {});
  const auto losses = golden().at("plateau_losses").get<std::vector<double>>();
  const auto rates = golden().at("plateau").get<std::vector<double>>();
  for (std::size_t i = 0; i < losses.size(); ++i) {
    schedule.epoch_ended(losses[i]);
    EXPECT_NEAR(schedule.factor(0), rates[i], kTolerance) << i;
  }
}

TEST(Schedule, GoesOnFromItsState) {
  const ScheduleOptions options{.kind = "reduce_on_plateau", .plateau_patience = 0};
  Schedule one(options, {}), other(options, {});
  one.epoch_ended(1);
  one.epoch_ended(2);
  other.restore(one.state());
  one.epoch_ended(3);
  other.epoch_ended(3);
  EXPECT_EQ(one.state(), other.state());
  EXPECT_NEAR(other.factor(5), 0.01, kTolerance);
}

TEST(Schedule, IsFiniteHoweverShortThePhase) {
  for (const std::string& kind : schedule_kinds()) {
    for (const std::int64_t epochs : {1, 2, 3}) {
      const Schedule schedule({.kind = kind, .warmup_epochs = 1, .pct_start = 0.5},
                              {.steps_per_epoch = 1, .epochs = epochs});
      for (std::int64_t step = 0; step < 6; ++step) {
        EXPECT_GE(schedule.factor(step), 0) << kind;
        EXPECT_LE(schedule.factor(step), 1) << kind;
      }
    }
  }
}

TEST(Schedule, NamesTheNearestKind) {
  expect_says(thrown_by([] { check(ScheduleOptions{.kind = "cosin"}, "phase 2"); }), ErrorKind::usage, "'cosine'");
}

TEST(Schedule, RefusesNumbersOutOfRange) {
  expect_says(thrown_by([] { check(ScheduleOptions{.gamma = -1}, "phase 2"); }), ErrorKind::usage, "phase 2: gamma");
  expect_says(thrown_by([] { check(ScheduleOptions{.pct_start = 1}, "phase 2"); }), ErrorKind::usage, "pct_start");
}

}  // namespace
}  // namespace enxerto
