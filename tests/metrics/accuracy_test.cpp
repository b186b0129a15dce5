#include "enxerto/metrics/accuracy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "enxerto/base/error.h"
#include "enxerto/metrics/top_k_accuracy.h"

namespace enxerto {
namespace {

const Tensor kScores = Tensor::of<float>({3, 3}, {3, 1, 2, 1, 1, 0, 0, 5, 9});
const Tensor kLabels = Tensor::of<std::int64_t>({3}, {0, 1, 1});

TEST(Accuracy, TakesTheFirstOfEqualScores) {
  Accuracy accuracy;
  EXPECT_TRUE(std::isnan(accuracy.value()));
  accuracy.update(kScores, kLabels);
  EXPECT_DOUBLE_EQ(accuracy.value(), 1.0 / 3);
}

TEST(TopKAccuracy, IsAccuracyAtOneAndGrowsWithK) {
  TopKAccuracy top1(1), top2(2);
  top1.update(kScores, kLabels);
  top2.update(kScores, kLabels);
  EXPECT_DOUBLE_EQ(top1.value(), 1.0 / 3);
  EXPECT_EQ(top2.value(), 1.0);
  top2.reset();
  EXPECT_TRUE(std::isnan(top2.value()));
  top2.update(kScores.rows(0, 1), kLabels.rows(0, 1));
  EXPECT_EQ(top2.value(), 1.0);
}

TEST(Accuracy, RefusesWhatDoesNotFit) {
  Accuracy accuracy;
  EXPECT_THROW(accuracy.update(kScores, kLabels.rows(0, 2)), Error);
  EXPECT_THROW(accuracy.update(kScores, Tensor::of<std::int64_t>({3}, {0, 1, 3})), Error);
  EXPECT_THROW(accuracy.update(kScores, Tensor::of<std::int64_t>({3}, {0, -1, 2})), Error);
  EXPECT_THROW(accuracy.update(kScores.reshaped({9}), kLabels), Error);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(accuracy.update(Tensor::of<float>({1, 2}, {nan, 1.0F}), Tensor::of<std::int64_t>({1}, {0})), Error);
}

}  // namespace
}  // namespace enxerto
