#include "enxerto/heads/curvature_bound.h"

#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/base/rng.h"
#include "enxerto/heads/softmax_loss.h"
#include "tests/heads/made_rows.h"

namespace enxerto {
namespace {

constexpr std::size_t kWidth = 70;

/// Correlated as features of a backbone are: each value is nearly the mean of those up to it.
void correlate(MadeRows& made) {
  for (const float* const row : made.rows.row) {
    float* const values = made.values.data() + (row - made.values.data());
    float sum = 0;
    for (std::size_t f = 0; f < made.rows.width; ++f) {
      sum += values[f];
      values[f] = sum / static_cast<float>(f + 1);
    }
  }
}

std::vector<float> moment_of(const MadeRows& made, const SkinnyProduct& product = fastest_skinny_product()) {
  return measure_second_moment({made.rows, made.labels, {}}, measure_standardisation(made.rows, 1), 10000, 2, product);
}

TEST(CurvatureBound, TakesFarFewerIterationsWhereFeaturesAreCorrelated) {
  MadeRows made({1500, kWidth, 4, 0.2});
  correlate(made);
  SoftmaxLoss loss({made.rows, made.labels, 4, {}}, 1);
  loss.set_l2(1);
  const auto evaluate = [&](std::span<const double> x, std::span<double> gradient) {
    return loss.evaluate(x, gradient);
  };
  const auto whitening = CurvatureBound({made.rows, made.labels, {}}, loss.standardisation(), 1).whitening(1.0 / 1500);
  ASSERT_TRUE(whitening.has_value());
  const LbfgsOptions options{.max_iterations = 2000, .tolerance = 1e-4};
  const LbfgsResult plain = minimise_whitened(evaluate, loss.starting_point(), 4, nullptr, options);
  const LbfgsResult whitened = minimise_whitened(evaluate, loss.starting_point(), 4, &*whitening, options);
  EXPECT_TRUE(plain.converged);
  EXPECT_TRUE(whitened.converged);
  EXPECT_LT(2 * whitened.iterations, plain.iterations);
  EXPECT_NEAR(whitened.value, plain.value, 1e-3 * plain.value);
  std::vector<double> gradient(loss.size());
  EXPECT_DOUBLE_EQ(loss.evaluate(whitened.x, gradient), whitened.value);
  for (const double value : gradient) EXPECT_LE(std::abs(value), 1e-4);
}

TEST(CurvatureBound, PaysForManyRowsOfFewFeatures) {
  EXPECT_TRUE(CurvatureBound::pays(10000, 1280, 10));
  EXPECT_FALSE(CurvatureBound::pays(5000, 1280, 10));
  EXPECT_FALSE(CurvatureBound::pays(999, 8, 10));
  EXPECT_FALSE(CurvatureBound::pays(100000000, 5000, 1000));
}

TEST(Whitening, MakesTheMatrixTheIdentity) {
  MadeRows made({300, kWidth, 2, 0.2});
  correlate(made);
  const std::vector<float> moment = moment_of(made);
  for (const SkinnyProduct& product : usable_skinny_products()) {
    const auto whitening = Whitening::of({moment, kWidth, 0.5, 0.25}, 2, product);
    ASSERT_TRUE(whitening.has_value());
    for (std::size_t i = 0; i < kWidth; ++i) {
      // P^T P is the inverse: times a column of M it is a column of the identity.
      std::vector<double> column(kWidth), whitened(kWidth), found(kWidth);
      for (std::size_t j = 0; j < kWidth; ++j)
        column[j] = 0.5 * static_cast<double>(moment[i * kWidth + j]) + (i == j ? 0.25 : 0.0);
      whitening->whiten(column, 1, whitened);
      whitening->add_unwhitened(whitened, 1, found);
      for (std::size_t j = 0; j < kWidth; ++j) EXPECT_NEAR(found[j], i == j ? 1.0 : 0.0, 1e-3) << product.name;
    }
  }
}

TEST(Whitening, IsNotThereForAMatrixThatIsNotPositive) {
  std::vector<float> matrix(kWidth * kWidth);
  for (std::size_t i = 0; i < kWidth; ++i) matrix[i * kWidth + i] = i == 65 ? -1.0F : 1.0F;
  EXPECT_FALSE(Whitening::of({matrix, kWidth, 1, 0}, 1).has_value());
  EXPECT_TRUE(Whitening::of({matrix, kWidth, 1, 2}, 1).has_value());
}

TEST(SecondMoment, IsThatOfStandardisedRowsWithEveryInstructionSet) {
  const MadeRows made({200, kWidth, 3});
  const Standardisation standard = measure_standardisation(made.rows, 1);
  for (const SkinnyProduct& product : usable_skinny_products()) {
    const std::vector<float> moment = moment_of(made, product);
    for (std::size_t i = 0; i < kWidth; i += 7)
      for (std::size_t j = 0; j < kWidth; j += 3) {
        double sum = 0;
        for (const float* const row : made.rows.row)
          sum += (static_cast<double>(row[i]) - standard.mean[i]) * standard.inverse_deviation[i] *
                 (static_cast<double>(row[j]) - standard.mean[j]) * standard.inverse_deviation[j];
        EXPECT_NEAR(moment[i * kWidth + j], sum / 200, 1e-5) << product.name;
      }
  }
}

TEST(SecondMoment, WeighsClasses) {
  const MadeRows made({200, 5, 2});
  const Standardisation standard = measure_standardisation(made.rows, 1);
  const std::vector<double> twice{2.0, 2.0};
  const auto one = measure_second_moment({made.rows, made.labels, {}}, standard, 100, 1);
  const auto two = measure_second_moment({made.rows, made.labels, twice}, standard, 100, 1);
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_NEAR(two[i], 2 * one[i], 1e-5);
}

}  // namespace
}  // namespace enxerto
