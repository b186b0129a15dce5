#include "enxerto/heads/softmax_loss.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/heads/made_rows.h"

namespace enxerto {
namespace {

std::vector<double> some_point(std::size_t size) {
  std::vector<double> point(size);
  for (std::size_t i = 0; i < size; ++i) point[i] = 0.3 * std::sin(static_cast<double>(i));
  return point;
}

TEST(SoftmaxLoss, GradientEqualsFiniteDifferences) {
  const MadeRows made({150, 5, 3});
  const std::vector<double> weights{1.0, 0.5, 2.0};
  SoftmaxLoss loss({made.rows, made.labels, 3, weights}, 2);
  loss.set_l2(3.0);
  std::vector<double> x = some_point(loss.size()), gradient(loss.size()), unused(loss.size());
  loss.evaluate(x, gradient);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double h = 1e-2, middle = x[i];
    x[i] = middle + h;
    const double above = loss.evaluate(x, unused);
    x[i] = middle - h;
    const double below = loss.evaluate(x, unused);
    x[i] = middle;
    EXPECT_NEAR(gradient[i], (above - below) / (2 * h), 3e-5) << i;
  }
}

TEST(SoftmaxLoss, EveryInstructionSetAndNumberOfThreadsGivesNearlyTheSame) {
  const MadeRows made({500, 37, 7});
  std::vector<double> first;
  for (const SkinnyProduct& product : usable_skinny_products())
    for (const int threads : {1, 2, 3}) {
      SoftmaxLoss loss({made.rows, made.labels, 7, {}}, threads, product);
      loss.set_l2(1.0);
      std::vector<double> result(loss.size());
      result.push_back(loss.evaluate(some_point(loss.size()), std::span(result).first(loss.size())));
      if (first.empty()) first = result;
      for (std::size_t i = 0; i < result.size(); ++i) EXPECT_NEAR(result[i], first[i], 1e-5) << product.name;
    }
}

TEST(SoftmaxLoss, IsTheLogarithmOfTheClassesAtZero) {
  const MadeRows made({90, 4, 3});
  SoftmaxLoss loss({made.rows, made.labels, 3, {}}, 1);
  std::vector<double> gradient(loss.size());
  EXPECT_NEAR(loss.evaluate(std::vector<double>(loss.size()), gradient), std::log(3.0), 1e-6);
}

TEST(Softmax, SurvivesLargeScores) {
  std::vector<float> scores{1000.0F, 999.0F, -1000.0F};
  EXPECT_NEAR(softmax_in_place(scores), 1000.0 + std::log1p(std::exp(-1.0)), 1e-4);
  EXPECT_NEAR(scores[0], 1 / (1 + std::exp(-1.0)), 1e-6);
  EXPECT_EQ(scores[2], 0.0F);
}

}  // namespace
}  // namespace enxerto
