#include <gtest/gtest.h>

#include "enxerto/transfer/loop_options.h"

namespace enxerto {
namespace {

TEST(LoopOptions, AreThoseOfThePhase) {
  Phase phase;
  phase.train_from = "layer4";
  phase.batch_size = 16;
  phase.ema_decay = 0.9;
  const LoopOptions options = loop_options(phase);
  EXPECT_EQ(options.name, "layer4");
  EXPECT_EQ(options.batch_size, 16);
  EXPECT_TRUE(options.averaged);
}

}  // namespace
}  // namespace enxerto
