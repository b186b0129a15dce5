#include "enxerto/media/image/mix.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

MixDraw draw(double alpha, std::uint64_t number) { return mix_draw(alpha, {5, 0, number, "mixup"}); }

TEST(Mix, HasTheMeanAndTheSpreadOfTheBetaDistribution) {
  for (const double alpha : {0.2, 0.5, 1.0, 4.0, 30.0}) {
    constexpr int kDraws = 20'000;
    double sum = 0, squares = 0;
    for (int i = 0; i < kDraws; ++i) {
      const double lambda = draw(alpha, static_cast<std::uint64_t>(i)).lambda;
      ASSERT_TRUE(lambda >= 0 && lambda <= 1);
      sum += lambda;
      squares += (lambda - 0.5) * (lambda - 0.5);
    }
    EXPECT_NEAR(sum / kDraws, 0.5, 0.012) << alpha;
    EXPECT_NEAR(squares / kDraws * 4 * (2 * alpha + 1), 1.0, 0.05) << alpha;
  }
}

TEST(Mix, GivesTheSameDrawForTheSameKeyAndAnotherForAnother) {
  EXPECT_EQ(draw(0.2, 3), draw(0.2, 3));
  EXPECT_NE(draw(0.2, 3), draw(0.2, 4));
  EXPECT_NE(mix_draw(0.2, {5, 0, 3, "mixup"}), mix_draw(0.2, {5, 0, 3, "cutmix"}));
}

TEST(Mix, ManagesATinyAlphaWhereOneExampleIsNearlyAlwaysAlone) {
  int alone = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    const double lambda = draw(1e-3, i).lambda;
    alone += lambda < 0.01 || lambda > 0.99 ? 1 : 0;
  }
  EXPECT_GT(alone, 190);
}

TEST(Mix, IsOffWithAlphaZeroAndRefusesOthersOutOfRange) {
  EXPECT_EQ(draw(0, 1).lambda, 1);
  EXPECT_THROW(draw(-0.1, 1), Error);
  EXPECT_THROW(draw(std::nan(""), 1), Error);
  EXPECT_THROW(draw(std::numeric_limits<double>::infinity(), 1), Error);
}

TEST(Mix, CutsARectangleInsideThePictureWhoseAreaIsTheSecondsWeight) {
  for (std::uint64_t i = 0; i < 500; ++i) {
    const MixBox box = mix_box(draw(1, i), 20, 30);
    EXPECT_GE(box.top, 0);
    EXPECT_GE(box.left, 0);
    EXPECT_LE(box.top + box.height, 20);
    EXPECT_LE(box.left + box.width, 30);
    EXPECT_NEAR(box.lambda, 1 - box.height * box.width / 600.0, 1e-12);
  }
}

TEST(Mix, CutsTheShareThatLambdaLeavesOverWhereTheBorderIsFar) {
  const MixBox box = mix_box({.lambda = 0.75, .across = 0.5, .down = 0.5}, 64, 64);
  EXPECT_EQ(box.height, 32);
  EXPECT_EQ(box.width, 32);
  EXPECT_EQ(box.top, 16);
  EXPECT_DOUBLE_EQ(box.lambda, 0.75);
  EXPECT_EQ(mix_box({.lambda = 1, .across = 0.3, .down = 0.3}, 64, 64).lambda, 1);
  EXPECT_EQ(mix_box({.lambda = 0, .across = 0.5, .down = 0.5}, 8, 8).lambda, 0);
}

}  // namespace
}  // namespace enxerto
