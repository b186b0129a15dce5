#include "enxerto/workflow/time_limit.h"

#include <gtest/gtest.h>

#include <vector>

namespace enxerto {
namespace {

std::vector<Phase> phases_of(std::initializer_list<std::int64_t> epochs) {
  std::vector<Phase> phases;
  for (const std::int64_t count : epochs) phases.push_back({.train_from = "layer4", .epochs = count});
  return phases;
}

TEST(TimeLimit, LeavesAPhaseThatFitsAsItIs) {
  EXPECT_EQ(epochs_that_fit({.seconds = 1000, .phases = phases_of({10})}, 5), 10);
}

TEST(TimeLimit, GivesEachPhaseItsShareOfTheTime) {
  const std::vector<Phase> two = phases_of({10, 10});
  EXPECT_EQ(epochs_that_fit({.seconds = 100, .phases = two}, 9), 5);
  EXPECT_EQ(epochs_that_fit({.seconds = 100, .phases = std::span(two).subspan(1)}, 9), 10);
  EXPECT_EQ(epochs_that_fit({.seconds = 100, .phases = std::span(two).subspan(1), .refits = true}, 9), 5);
}

TEST(TimeLimit, TrainsOneEpochAtLeast) { EXPECT_EQ(epochs_that_fit({.seconds = -3, .phases = phases_of({10})}, 9), 1); }

TEST(TimeLimit, ShortensTheWarmUpToo) {
  Phase phase{.epochs = 10};
  phase.schedule.warmup_epochs = 3;
  shorten(phase, 2);
  EXPECT_EQ(phase.epochs, 2);
  EXPECT_EQ(phase.schedule.warmup_epochs, 1);
}

}  // namespace
}  // namespace enxerto
