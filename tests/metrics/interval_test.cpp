#include "enxerto/metrics/interval.h"

#include <gtest/gtest.h>

#include <cmath>

namespace enxerto {
namespace {

TEST(WilsonInterval, EqualsThePublishedFigures) {
  // 81 of 263: Newcombe 1998, table I, method 3.
  EXPECT_NEAR(wilson_interval(81, 263).low, 0.2553, 5e-5);
  EXPECT_NEAR(wilson_interval(81, 263).high, 0.3662, 5e-5);
  EXPECT_NEAR(wilson_interval(0, 20).high, 0.1611, 5e-5);
}

TEST(WilsonInterval, StaysBetweenZeroAndOne) {
  EXPECT_EQ(wilson_interval(0, 5).low, 0.0);
  EXPECT_LT(wilson_interval(0, 5).high, 1.0);
  EXPECT_GT(wilson_interval(5, 5).low, 0.0);
  EXPECT_LE(wilson_interval(5, 5).high, 1.0);
  EXPECT_TRUE(std::isnan(wilson_interval(0, 0).low));
}

}  // namespace
}  // namespace enxerto
