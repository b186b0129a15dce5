#include "enxerto/heads/lbfgs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "enxerto/heads/line_search.h"

namespace enxerto {
namespace {

double rosenbrock(std::span<const double> x, std::span<double> gradient) {
  const double a = 1 - x[0], b = x[1] - x[0] * x[0];
  gradient[0] = -2 * a - 400 * x[0] * b;
  gradient[1] = 200 * b;
  return a * a + 100 * b * b;
}

TEST(Lbfgs, FindsTheEndOfRosenbrocksValley) {
  const LbfgsResult result = minimise_lbfgs(rosenbrock, {-1.2, 1.0}, {.tolerance = 1e-8});
  EXPECT_TRUE(result.converged);
  EXPECT_NEAR(result.x[0], 1, 1e-6);
  EXPECT_NEAR(result.x[1], 1, 1e-6);
  EXPECT_LT(result.evaluations, 100);
}

TEST(Lbfgs, ConvergesOnAnIllConditionedBowl) {
  const auto bowl = [](std::span<const double> x, std::span<double> gradient) {
    double value = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double scale = std::pow(10.0, static_cast<double>(i) / 10);
      gradient[i] = scale * (x[i] - 1);
      value += 0.5 * gradient[i] * (x[i] - 1);
    }
    return value;
  };
  const LbfgsResult result = minimise_lbfgs(bowl, std::vector<double>(20), {.tolerance = 1e-6});
  EXPECT_TRUE(result.converged);
  for (const double value : result.x) EXPECT_NEAR(value, 1, 1e-5);
}

TEST(Lbfgs, SaysWhenTheIterationsWereNotEnough) {
  const LbfgsResult result = minimise_lbfgs(rosenbrock, {-1.2, 1.0}, {.max_iterations = 3, .tolerance = 1e-8});
  EXPECT_FALSE(result.converged);
  EXPECT_EQ(result.iterations, 3);
}

TEST(Lbfgs, StopsWhereTheWatcherThrows) {
  const LbfgsOptions options{.after_iteration = [] { throw std::runtime_error("enough"); }};
  EXPECT_THROW(minimise_lbfgs(rosenbrock, {-1.2, 1.0}, options), std::runtime_error);
}

TEST(LineSearch, ShrinksAStepIntoInfinity) {
  const auto barrier = [](double step) -> LinePoint {
    if (step >= 1) return {step, INFINITY, INFINITY};
    return {step, -std::log(1 - step) - 3 * step, 1 / (1 - step) - 3};
  };
  const LineSearch found = search_line(barrier, barrier(0), 8.0);
  EXPECT_TRUE(found.found);
  EXPECT_GT(found.point.step, 0.1);
  EXPECT_LT(found.point.value, -0.2);
}

TEST(LineSearch, FindsNothingWhereTheValueOnlyRises) {
  const auto rising = [](double step) -> LinePoint { return {step, step, 1}; };
  EXPECT_FALSE(search_line(rising, {0, 0, -1}, 1.0).found);
}

}  // namespace
}  // namespace enxerto
