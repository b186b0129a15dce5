#include "enxerto/metrics/interval.h"

#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <vector>

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

TEST(WilsonInterval, IsUnknownForTooFew) {
  EXPECT_TRUE(std::isnan(wilson_interval(2, 2).low));
  EXPECT_TRUE(std::isnan(wilson_interval(2, 2).high));
}

TEST(EstimatedMean, HasTheIntervalOfStudentsTable) {
  const std::vector<double> values{1, 2, 3, 4, 5};  // standard error 0.7071; t of 4 degrees of freedom is 2.776
  const Estimate mean = estimated_mean(values);
  EXPECT_EQ(mean.value, 3);
  EXPECT_NEAR(mean.interval.high, 3 + 2.776 * 0.70711, 1e-3);
  EXPECT_NEAR(mean.interval.low, 3 - 2.776 * 0.70711, 1e-3);
  EXPECT_TRUE(std::isnan(estimated_mean(std::span(values).first(2)).interval.low));
  EXPECT_TRUE(std::isnan(estimated_mean({}).value));
}

TEST(MeanOfShares, IsAsWideAsOneShareAndNarrowerForMore) {
  const std::vector<Proportion> one{{81, 263}}, perfect{{10, 10}, {20, 20}};
  EXPECT_NEAR(mean_of_shares(one).interval.low, wilson_interval(81, 263).low, 1e-12);
  EXPECT_NEAR(mean_of_shares(one).interval.high, wilson_interval(81, 263).high, 1e-12);
  EXPECT_EQ(mean_of_shares(perfect).value, 1);
  EXPECT_EQ(mean_of_shares(perfect).interval.high, 1);
  EXPECT_LT(mean_of_shares(perfect).interval.low, 0.9);
  EXPECT_GT(mean_of_shares(perfect).interval.low, wilson_interval(10, 10).low);
}

TEST(RocAreaInterval, IsNeverOneToOne) {
  const Interval perfect = roc_area_interval(1, 15, 230);
  EXPECT_EQ(perfect.high, 1);
  EXPECT_NEAR(perfect.low, 0.9301, 1e-4);
  const Interval some = roc_area_interval(0.9, 20, 30);
  EXPECT_NEAR(some.low, 0.7643, 1e-4);
  EXPECT_NEAR(some.high, 0.9588, 1e-4);
  const Interval none = roc_area_interval(0.5, 20, 30);
  EXPECT_NEAR(none.low + none.high, 1, 1e-9);
  EXPECT_TRUE(std::isnan(roc_area_interval(1, 2, 300).low));
}

}  // namespace
}  // namespace enxerto
