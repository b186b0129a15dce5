#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/metrics/metrics_report.h"
#include "enxerto/metrics/ranking.h"
#include "enxerto/metrics/roc_auc.h"

namespace enxerto {
namespace {

/// A file of tools/golden/target_metrics.py.
class Golden {
 public:
  explicit Golden(const std::string& name) : file_(ENXERTO_TEST_DATA "/metrics/" + name) {}

  double next() {
    double value = 0;
    EXPECT_TRUE(file_ >> value);
    return value;
  }
  std::int64_t whole() { return static_cast<std::int64_t>(next()); }
  Tensor table(std::int64_t rows, std::int64_t width) {
    std::vector<float> values;
    for (std::int64_t i = 0; i < rows * width; ++i) values.push_back(static_cast<float>(next()));
    return Tensor::of<float>({rows, width}, values);
  }
  void expect(double value) {
    const double wanted = next();
    EXPECT_NEAR(value, wanted, 1e-6 * std::max(1.0, std::abs(wanted)));
  }
  void expect(const ClassScores& scores) {
    for (const double value : {scores.precision, scores.recall, scores.f1}) expect(value);
  }
  void expect(const Estimate& estimate) {
    for (const double value : {estimate.value, estimate.interval.low, estimate.interval.high}) expect(value);
  }

 private:
  std::ifstream file_;
};

TEST(MultiLabelMetrics, EqualScikitLearn) {
  Golden golden("multi_label.txt");
  const std::int64_t rows = golden.whole(), labels = golden.whole();
  const Tensor probabilities = golden.table(rows, labels), targets = golden.table(rows, labels);
  MultiLabelMetrics metrics(static_cast<std::size_t>(labels));
  metrics.update(probabilities.rows(0, 11), targets.rows(0, 11));
  metrics.update(probabilities.rows(11, rows), targets.rows(11, rows));
  const MultiLabelReport report = metrics.value();
  EXPECT_EQ(report.examples, static_cast<std::size_t>(rows));
  golden.expect(report.subset_accuracy.value);
  EXPECT_LT(report.subset_accuracy.interval.low, report.subset_accuracy.value);
  golden.expect(report.log_loss);
  golden.expect(report.mean_average_precision);
  golden.expect(report.mean_roc_auc);
  golden.expect(report.macro);
  golden.expect(report.micro);
  for (const LabelScores& one : report.per_label) {
    golden.expect(one.scores);
    golden.expect(static_cast<double>(one.scores.support));
    golden.expect(one.average_precision);
    golden.expect(one.roc_auc);
  }
}

TEST(MultiLabelMetrics, NameLabelsFromTheThresholdOn) {
  const Tensor probabilities = Tensor::of<float>({1, 2}, {0.3F, 0.6F}), targets = Tensor::of<float>({1, 2}, {1, 0});
  MultiLabelMetrics low(2, 0.25), high(2, 0.7);
  low.update(probabilities, targets);
  high.update(probabilities, targets);
  EXPECT_EQ(low.value().micro.recall, 1.0);
  EXPECT_EQ(low.value().micro.precision, 0.5);
  EXPECT_EQ(high.value().micro.recall, 0.0);
  EXPECT_THROW(MultiLabelMetrics(2, 1.5), Error);
}

TEST(MultiLabelMetrics, LeaveLabelsThatNobodyHasOutOfTheMeans) {
  MultiLabelMetrics metrics(3);
  metrics.update(Tensor::of<float>({2, 3}, {0.9F, 0.1F, 0.2F, 0.2F, 0.8F, 0.1F}),
                 Tensor::of<float>({2, 3}, {1, 0, 0, 0, 1, 0}));
  const MultiLabelReport report = metrics.value();
  EXPECT_EQ(report.mean_average_precision, 1.0);
  EXPECT_EQ(report.macro.f1, 1.0);
  EXPECT_TRUE(std::isnan(report.per_label[2].average_precision));
  EXPECT_TRUE(std::isnan(report.per_label[2].roc_auc));
}

TEST(MultiLabelMetrics, CountNothingOfABatchThatIsRefused) {
  MultiLabelMetrics metrics(2);
  const Tensor targets = Tensor::of<float>({1, 2}, {0, 1});
  EXPECT_THROW(metrics.update(Tensor::of<float>({1, 2}, {-3.0F, 4.0F}), targets), Error);
  EXPECT_THROW(metrics.update(Tensor::of<float>({1, 3}, {0, 0, 0}), targets), Error);
  EXPECT_THROW(metrics.update(targets, Tensor::of<float>({1, 2}, {0.5F, 1})), Error);
  EXPECT_EQ(metrics.value().examples, 0U);
  EXPECT_TRUE(std::isnan(metrics.value().log_loss));
  metrics.update(targets, targets);
  EXPECT_EQ(metrics.value().examples, 1U);
  metrics.reset();
  EXPECT_EQ(metrics.value().examples, 0U);
}

TEST(RegressionMetrics, EqualScikitLearn) {
  Golden golden("regression.txt");
  const std::int64_t rows = golden.whole(), values = golden.whole();
  const Tensor predictions = golden.table(rows, values), targets = golden.table(rows, values);
  RegressionMetrics metrics(static_cast<std::size_t>(values));
  metrics.update(predictions.rows(0, 7), targets.rows(0, 7));
  metrics.update(predictions.rows(7, rows), targets.rows(7, rows));
  const RegressionReport report = metrics.value();
  EXPECT_EQ(report.examples, static_cast<std::size_t>(rows));
  golden.expect(report.mean_r2);
  for (const ValueErrors& one : report.per_value) {
    golden.expect(one.mae);
    golden.expect(one.rmse);
    golden.expect(one.r2);
    golden.expect(one.baseline);
    golden.expect(one.baseline_mae);
    golden.expect(one.baseline_rmse);
  }
}

TEST(RegressionMetrics, CompareWithTheMeanThatIsGiven) {
  RegressionMetrics metrics(1, {10});
  metrics.update(Tensor::of<float>({2, 1}, {1, 3}), Tensor::of<float>({2, 1}, {1, 3}));
  const ValueErrors errors = metrics.value().per_value[0];
  EXPECT_EQ(errors.baseline, 10.0);
  EXPECT_EQ(errors.baseline_mae, 8.0);
  EXPECT_EQ(errors.r2, 1.0);
  EXPECT_EQ(errors.rmse.interval.high, 0.0);
  EXPECT_THROW(RegressionMetrics(2, {1}), Error);
}

TEST(RegressionMetrics, AreNoNumberWhereNothingIsKnown) {
  RegressionMetrics metrics(1);
  EXPECT_TRUE(std::isnan(metrics.value().per_value[0].mae.value));
  metrics.update(Tensor::of<float>({1, 1}, {2}), Tensor::of<float>({1, 1}, {3}));
  EXPECT_EQ(metrics.value().per_value[0].mae.value, 1.0);
  EXPECT_TRUE(std::isnan(metrics.value().per_value[0].mae.interval.low));
  EXPECT_TRUE(std::isnan(metrics.value().mean_r2));
  const Tensor nan = Tensor::of<float>({1, 1}, {std::numeric_limits<float>::quiet_NaN()});
  EXPECT_THROW(metrics.update(nan, nan), Error);
  EXPECT_EQ(examples_of(metrics.value()), 1U);
}

TEST(RocAuc, EqualsScikitLearn) {
  Golden golden("roc_auc.txt");
  const std::int64_t rows = golden.whole();
  const Tensor scores = golden.table(1, rows), truths = golden.table(1, rows);
  RocAuc metric;
  for (std::size_t i = 0; i < static_cast<std::size_t>(rows); ++i) {
    const float score = scores.as<float>()[i];
    metric.update(Tensor::of<float>({1, 2}, {1 - score, score}),
                  Tensor::of<std::int64_t>({1}, {static_cast<std::int64_t>(truths.as<float>()[i])}));
  }
  const Estimate area = metric.value();
  golden.expect(area.value);
  EXPECT_GT(area.value - area.interval.low, 0.05);
  EXPECT_LT(area.value - area.interval.low, 0.2);
}

TEST(RocAuc, IsOneForAPerfectOrderAndHalfForNone) {
  const std::vector<std::uint8_t> truths{0, 0, 1, 1};
  EXPECT_EQ(roc_auc(std::vector<float>{1, 2, 3, 4}, truths).value, 1.0);
  EXPECT_EQ(roc_auc(std::vector<float>{4, 3, 2, 1}, truths).value, 0.0);
  EXPECT_EQ(roc_auc(std::vector<float>{5, 5, 5, 5}, truths).value, 0.5);
  EXPECT_TRUE(std::isnan(roc_auc(std::vector<float>{1}, std::vector<std::uint8_t>{1}).value));
}

TEST(ClassificationMetrics, HaveRocAucForTwoClassesOnly) {
  ClassificationMetrics two(2), three(3);
  two.update(Tensor::of<float>({2, 2}, {0.7F, 0.3F, 0.4F, 0.6F}), Tensor::of<std::int64_t>({2}, {0, 1}));
  EXPECT_EQ(two.value().roc_auc.value().value, 1.0);
  EXPECT_FALSE(three.value().roc_auc.has_value());
}

}  // namespace
}  // namespace enxerto
