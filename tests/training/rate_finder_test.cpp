#include "enxerto/training/rate_finder.h"

#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/training/training_loop.h"
#include "tests/files/thrown.h"
#include "tests/training/tiny_data.h"
#include "tests/training/tiny_trainer.h"

namespace enxerto {
namespace {

using testing::TinyData;
using testing::TinyTrainer;

TEST(RateFinder, SuggestsARateThatTrains) {
  const TinyData data(64);
  const auto source = data.source();
  TinyTrainer trainer;
  const FoundRate found = find_rate(trainer, *source, {.batch_size = 8});
  EXPECT_EQ(found.rule, "valley");
  EXPECT_GT(found.suggestion, 1e-4);
  EXPECT_LT(found.suggestion, 10);
  EXPECT_EQ(found.rates.size(), found.losses.size());
  const PhaseOutcome outcome =
      train_phase(trainer, {.training = *source}, {.epochs = 5, .batch_size = 8, .learning_rate = found.suggestion});
  EXPECT_LT(outcome.history.series[0].values.back(), found.losses.front());
}

TEST(RateFinder, PutsTheTrainerBackAsItWas) {
  const TinyData data(64);
  const auto source = data.source();
  TinyTrainer trainer;
  const StateDict before = trainer.state();
  (void)find_rate(trainer, *source, {.batch_size = 8});
  const StateDict after = trainer.state();
  for (const auto& [name, tensor] : before) EXPECT_TRUE(identical(tensor, after.at(name))) << name;
}

TEST(RateFinder, SaysWhereNothingCanBeFound) {
  TinyData data(64);
  for (std::size_t i = 0; i < 64; ++i) data.set(i, NAN);
  const auto source = data.source();
  TinyTrainer trainer;
  expect_says(thrown_by([&] { (void)find_rate(trainer, *source, {.batch_size = 8}); }), ErrorKind::diverged,
              "not finite");
}

TEST(RateFinder, RefusesOptionsOutOfRange) {
  const TinyData data(64);
  const auto source = data.source();
  TinyTrainer trainer;
  expect_says(thrown_by([&] { (void)find_rate(trainer, *source, {.lowest = 1, .highest = 0.1}); }), ErrorKind::usage,
              "highest");
}

/// Falls over points 5 to 25, then rises.
std::vector<double> valley() {
  std::vector<double> losses;
  for (int i = 0; i < 32; ++i) losses.push_back(i < 5 ? 2.0 : i < 26 ? 2.0 - 0.05 * (i - 4) : 1.0 + 0.3 * (i - 25));
  return losses;
}

std::vector<double> rates() {
  std::vector<double> values;
  for (int i = 0; i < 32; ++i) values.push_back(std::pow(10, -4 + i * 0.1));
  return values;
}

TEST(RateFinder, TakesTheMiddleOfTheLongestDescentAsFastai) {
  // Longest descent: 22 points that end at 25, so from 3; 3 + int(22 / 3) + int(22 / 3 / 2) = 13.
  EXPECT_EQ(valley_rate(rates(), valley()), rates()[13]);
}

TEST(RateFinder, FindsTheSteepestPoint) {
  std::vector<double> losses = valley();
  losses[10] = losses[9] - 0.5;
  EXPECT_EQ(steepest_rate(rates(), losses), rates()[9]);
}

}  // namespace
}  // namespace enxerto
