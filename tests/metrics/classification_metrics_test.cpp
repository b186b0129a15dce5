#include "enxerto/metrics/classification_metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

struct Golden {
  std::ifstream file{ENXERTO_TEST_DATA "/metrics/classification.txt"};
  std::int64_t rows = 0, classes = 0;
  Tensor probabilities, labels;

  Golden() {
    file >> rows >> classes;
    const auto p = read(static_cast<std::size_t>(rows * classes)), y = read(static_cast<std::size_t>(rows));
    probabilities = Tensor::of<float>({rows, classes}, std::vector<float>(p.begin(), p.end()));
    labels = Tensor::of<std::int64_t>({rows}, std::vector<std::int64_t>(y.begin(), y.end()));
  }

  std::vector<double> read(std::size_t count) {
    std::vector<double> values(count);
    for (double& value : values) EXPECT_TRUE(file >> value);
    return values;
  }
  double next() { return read(1)[0]; }
};

TEST(ClassificationMetrics, EqualScikitLearn) {
  Golden golden;
  ClassificationMetrics metrics(static_cast<std::size_t>(golden.classes));
  metrics.update(golden.probabilities.rows(0, 15), golden.labels.rows(0, 15));
  metrics.update(golden.probabilities.rows(15, golden.rows), golden.labels.rows(15, golden.rows));
  const ClassificationReport report = metrics.value();
  EXPECT_EQ(report.examples, static_cast<std::size_t>(golden.rows));
  EXPECT_NEAR(report.accuracy.value, golden.next(), 1e-8);
  EXPECT_NEAR(report.accuracy.interval.low, golden.next(), 1e-8);
  EXPECT_NEAR(report.accuracy.interval.high, golden.next(), 1e-8);
  EXPECT_NEAR(report.top5.value, golden.next(), 1e-8);
  EXPECT_NEAR(report.log_loss, golden.next(), 1e-6);
  for (const ClassScores& one : report.per_class) {
    EXPECT_NEAR(one.precision, golden.next(), 1e-8);
    EXPECT_NEAR(one.recall, golden.next(), 1e-8);
    EXPECT_NEAR(one.f1, golden.next(), 1e-8);
    EXPECT_EQ(static_cast<double>(one.support), golden.next());
  }
  EXPECT_NEAR(report.macro.precision, golden.next(), 1e-8);
  EXPECT_NEAR(report.macro.recall, golden.next(), 1e-8);
  EXPECT_NEAR(report.macro.f1, golden.next(), 1e-8);
  for (const auto& row : report.confusion)
    for (const std::size_t cell : row) EXPECT_EQ(static_cast<double>(cell), golden.next());
}

TEST(ClassificationMetrics, ForgetAtReset) {
  Golden golden;
  ClassificationMetrics metrics(static_cast<std::size_t>(golden.classes));
  metrics.update(golden.probabilities, golden.labels);
  metrics.reset();
  const ClassificationReport report = metrics.value();
  EXPECT_EQ(report.examples, 0U);
  EXPECT_TRUE(std::isnan(report.accuracy.value));
  EXPECT_TRUE(std::isnan(report.accuracy.interval.low));
  EXPECT_TRUE(std::isnan(report.log_loss));
  EXPECT_EQ(report.confusion[0][0], 0U);
}

TEST(ClassificationMetrics, CountNothingOfABatchThatIsRefused) {
  ClassificationMetrics metrics(2);
  const Tensor labels = Tensor::of<std::int64_t>({1}, {0});
  EXPECT_THROW(metrics.update(Tensor::of<float>({1, 3}, {0.5F, 0.2F, 0.3F}), labels), Error);
  EXPECT_THROW(metrics.update(Tensor::of<float>({1, 2}, {-4.0F, 9.0F}), labels), Error);
  EXPECT_EQ(metrics.value().examples, 0U);
  EXPECT_TRUE(std::isnan(metrics.value().log_loss));
}

TEST(ClassificationMetrics, LeaveClassesThatNeverOccurOutOfTheMeans) {
  ClassificationMetrics metrics(3);
  metrics.update(Tensor::of<float>({2, 3}, {0.8F, 0.1F, 0.1F, 0.1F, 0.9F, 0.0F}),
                 Tensor::of<std::int64_t>({2}, {0, 1}));
  EXPECT_EQ(metrics.value().macro.f1, 1.0);
  EXPECT_EQ(metrics.value().per_class[2].f1, 0.0);
}

}  // namespace
}  // namespace enxerto
