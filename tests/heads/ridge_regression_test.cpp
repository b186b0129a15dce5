#include "enxerto/heads/ridge_regression.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <string>

#include "enxerto/base/error.h"
#include "tests/heads/golden_problem.h"
#include "tests/heads/made_rows.h"

namespace enxerto {
namespace {

constexpr const char* kGolden = ENXERTO_TEST_DATA "/heads/ridge.txt";

/// The number of the class, with noise: something to be predicted.
std::vector<double> numbers_of(const MadeRows& made) {
  std::vector<double> targets;
  for (std::size_t r = 0; r < made.labels.size(); ++r)
    targets.push_back(static_cast<double>(made.labels[r]) + static_cast<double>(made.values[r]) / 2);
  return targets;
}

TEST(RidgeRegression, EqualsScikitLearnWithMoreRowsThanFeaturesAndWithFewer) {
  std::ifstream file(kGolden);
  for (int problem = 0; problem < 2; ++problem) {
    const GoldenProblem golden(file);
    const Rows rows = golden.as_rows();
    const std::vector<double> targets(golden.targets.begin(), golden.targets.end());
    const std::vector<double> l2(golden.outputs, golden.l2);
    const RidgeRegression ridge({rows, targets, golden.outputs}, 1);
    golden.expect_layer(file, ridge.layer(l2), 1e-6);
  }
}

TEST(RidgeRegression, EqualsScikitLearnsLeaveOneOutErrors) {
  std::ifstream file(kGolden);
  for (int problem = 0; problem < 2; ++problem) {
    const GoldenProblem golden(file);
    (void)GoldenProblem::numbers<double>(file, golden.outputs * (golden.width + 1));
  }
  const GoldenProblem golden(file);
  const Rows rows = golden.as_rows();
  const std::vector<double> targets(golden.targets.begin(), golden.targets.end());
  const RidgeRegression ridge({rows, targets, golden.outputs}, 1);
  for (const double l2 : {0.1, 10.0, 1000.0}) {
    const auto expected = GoldenProblem::numbers<double>(file, golden.outputs);
    const std::vector<double> found = ridge.leave_one_out(l2);
    for (std::size_t v = 0; v < found.size(); ++v) EXPECT_NEAR(found[v], expected[v], 1e-6 * expected[v]) << l2;
  }
}

TEST(RidgeRegression, HasTheLeaveOneOutErrorsOfFittingWithoutEachRow) {
  for (const std::size_t width : {6U, 40U}) {  // the Gram matrix of features, and of rows
    const MadeRows made({25, width, 2, 0.5});
    const std::vector<double> targets = numbers_of(made);
    const double found = RidgeRegression({made.rows, targets}, 1).leave_one_out(1e7).front();
    // So strong a penalty leaves the mean of the others.
    double sum = 0, expected = 0;
    for (const double target : targets) sum += target;
    for (const double target : targets) expected += std::pow(target - (sum - target) / 24, 2) / 25;
    EXPECT_NEAR(found, expected, 1e-4 * expected) << width;
  }
}

TEST(RidgeRegression, IsEqualWithAFeatureThatDoesNotVary) {
  MadeRows made({30, 5, 2, 0.5});
  for (std::size_t r = 0; r < 30; ++r) made.values[r * 5 + 3] = 7;
  const std::vector<double> targets = numbers_of(made), l2{1.0};
  const LinearClassifier layer = RidgeRegression({made.rows, targets}, 1).layer(l2);
  EXPECT_EQ(layer.weight.as<float>()[3], 0.0F);
  EXPECT_TRUE(std::isfinite(layer.bias.as<float>()[0]));
}

TEST(RidgeRegression, IsFoundByIterationsToo) {
  const MadeRows made({60, 9, 3, 0.5});
  const std::vector<double> targets = numbers_of(made), l2{5.0};
  const LinearClassifier exact = RidgeRegression({made.rows, targets}, 1).layer(l2);
  for (const int threads : {1, 2}) {
    const IterativeRidge found = fit_ridge_iteratively({made.rows, targets}, l2, threads);
    EXPECT_TRUE(found.converged);
    for (std::size_t i = 0; i < 9; ++i)
      EXPECT_NEAR(double{found.layer.weight.as<float>()[i]}, double{exact.weight.as<float>()[i]}, 1e-6);
  }
}

TEST(RidgeRegression, NamesARowThatIsNotFiniteAndSizesThatDiffer) {
  MadeRows made({10, 4, 2});
  const std::vector<double> targets = numbers_of(made), fewer(9);
  EXPECT_THROW(RidgeRegression({made.rows, fewer}, 1), Error);
  made.values[4 * 7] = std::nanf("");
  try {
    (void)RidgeRegression({made.rows, targets}, 1);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("row 7"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enxerto
