#include <gtest/gtest.h>

#include "enxerto/transfer/loop_options.h"

namespace enxerto {
namespace {

TEST(LoopOptions, AreThoseOfThePhase) {
  Phase phase;
  phase.train_from = "layer4";
  phase.batch_size = 16;
  phase.batch_tokens = 1000;
  phase.average_epochs = 3;
  phase.ema_decay = 0.9;
  const LoopOptions options = loop_options(phase);
  EXPECT_EQ(options.name, "layer4");
  EXPECT_EQ(options.batch_size, 16);
  EXPECT_EQ(options.batch_tokens, 1000);
  EXPECT_EQ(options.average_epochs, 3);
  EXPECT_TRUE(options.averaged);
}

TEST(LoopOptions, CountTheStepsOfAnEpochThatEndsEarly) {
  Phase phase;
  phase.batch_size = 10;
  EXPECT_EQ(loop_options(phase).steps_per_epoch, 0);
  EXPECT_EQ(steps_in_epoch(phase, 95, 10), 11);
  phase.steps_per_epoch = 4;
  EXPECT_EQ(loop_options(phase).steps_per_epoch, 4);
  EXPECT_EQ(steps_in_epoch(phase, 95, 10), 5);
  EXPECT_EQ(steps_in_epoch(phase, 15, 0), 2);
}

}  // namespace
}  // namespace enxerto
