#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <string>

#include "enxerto/base/error.h"
#include "enxerto/metrics/label_scores.h"
#include "enxerto/metrics/ranking.h"
#include "enxerto/metrics/roc_auc.h"
#include "enxerto/metrics/value_errors.h"
#include "tests/metrics/batch.h"

namespace enxerto {
namespace {

using testing::numbered;
using testing::probabilities;
using testing::report_of;
using testing::set_of;
using testing::target;

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
  void expect_scores(const MetricsReport& report, const std::string& group) {
    for (const char* name : {".precision", ".recall", ".f1"}) expect(report[group + name].value);
  }
  void expect(const Estimate& estimate) {
    for (const double value : {estimate.value, estimate.interval.low, estimate.interval.high}) expect(value);
  }

 private:
  std::ifstream file_;
};

TEST(LabelScores, EqualScikitLearn) {
  Golden golden("multi_label.txt");
  const std::int64_t rows = golden.whole(), labels = golden.whole();
  const Tensor answers = golden.table(rows, labels), targets = golden.table(rows, labels);
  MetricSet metrics = set_of(LabelScores(numbered(static_cast<std::size_t>(labels))));
  metrics.update(probabilities(answers.rows(0, 11)), target(targets.rows(0, 11)));
  metrics.update(probabilities(answers.rows(11, rows)), target(targets.rows(11, rows)));
  const MetricsReport report = metrics.report();
  EXPECT_EQ(report.examples, static_cast<std::size_t>(rows));
  golden.expect(report["subset_accuracy"].value);
  EXPECT_LT(report["subset_accuracy"].interval->low, report["subset_accuracy"].value);
  golden.expect(report["log_loss"].value);
  golden.expect(report["mean_average_precision"].value);
  golden.expect(report["mean_roc_auc"].value);
  golden.expect(report["lwlrap"].value);
  golden.expect(report["d_prime"].value);
  golden.expect_scores(report, "macro");
  golden.expect_scores(report, "micro");
  const MetricTable& table = report.table("per_label");
  for (std::size_t l = 0; l < table.rows.size(); ++l)
    for (const char* column : {"precision", "recall", "f1", "support", "average_precision", "roc_auc"})
      golden.expect(table.number(l, column));
}

TEST(LabelScores, NameLabelsFromTheThresholdOn) {
  const TensorMap answers = probabilities(Tensor::of<float>({1, 2}, {0.3F, 0.6F}));
  const TensorMap targets = target(Tensor::of<float>({1, 2}, {1, 0}));
  LabelScores low(numbered(2), 0.25), high(numbered(2), 0.7);
  low.update(answers, targets);
  high.update(answers, targets);
  EXPECT_EQ(report_of(low)["micro.recall"].value, 1.0);
  EXPECT_EQ(report_of(low)["micro.precision"].value, 0.5);
  EXPECT_EQ(report_of(high)["micro.recall"].value, 0.0);
  EXPECT_THROW(LabelScores(numbered(2), 1.5), Error);
}

TEST(LabelScores, AreHeldAgainstARandomOrder) {
  LabelScores metric(numbered(2));
  metric.update(probabilities(Tensor::of<float>({4, 2}, {0.9F, 0.1F, 0.2F, 0.8F, 0, 0, 0, 0})),
                target(Tensor::of<float>({4, 2}, {1, 0, 0, 1, 1, 0, 0, 0})));
  EXPECT_EQ(report_of(metric)["mean_average_precision"].baseline->value, 0.375);
}

TEST(LabelScores, LeaveLabelsThatNobodyHasOutOfTheMeans) {
  LabelScores metric(numbered(3));
  metric.update(probabilities(Tensor::of<float>({2, 3}, {0.9F, 0.1F, 0.2F, 0.2F, 0.8F, 0.1F})),
                target(Tensor::of<float>({2, 3}, {1, 0, 0, 0, 1, 0})));
  const MetricsReport report = report_of(metric);
  EXPECT_EQ(report["mean_average_precision"].value, 1.0);
  EXPECT_EQ(report["macro.f1"].value, 1.0);
  for (const char* column : {"average_precision", "precision", "recall", "f1"})
    EXPECT_TRUE(std::isnan(report.table("per_label").number(2, column))) << column;
  EXPECT_TRUE(std::isnan(report.table("per_label").number(2, "roc_auc")));
}

TEST(LabelScores, CountNothingOfABatchThatIsRefused) {
  MetricSet metrics = set_of(LabelScores(numbered(2)));
  const Tensor targets = Tensor::of<float>({1, 2}, {0, 1});
  const auto update = [&](const Tensor& answers, const Tensor& wanted) {
    metrics.update(probabilities(answers), target(wanted));
  };
  EXPECT_THROW(update(Tensor::of<float>({1, 2}, {-3.0F, 4.0F}), targets), Error);
  EXPECT_THROW(update(Tensor::of<float>({1, 3}, {0, 0, 0}), targets), Error);
  EXPECT_THROW(update(targets, Tensor::of<float>({1, 2}, {0.5F, 1})), Error);
  EXPECT_EQ(metrics.report().examples, 0U);
  EXPECT_TRUE(std::isnan(metrics.report()["log_loss"].value));
  update(targets, targets);
  EXPECT_EQ(metrics.report().examples, 1U);
  metrics.reset();
  EXPECT_EQ(metrics.report().examples, 0U);
  EXPECT_TRUE(std::isnan(metrics.report()["log_loss"].value));
}

TEST(ValueErrors, EqualScikitLearn) {
  Golden golden("regression.txt");
  const std::int64_t rows = golden.whole(), values = golden.whole();
  const Tensor predictions = golden.table(rows, values), targets = golden.table(rows, values);
  MetricSet metrics = set_of(ValueErrors(numbered(static_cast<std::size_t>(values))));
  metrics.update(probabilities(predictions.rows(0, 7)), target(targets.rows(0, 7)));
  metrics.update(probabilities(predictions.rows(7, rows)), target(targets.rows(7, rows)));
  const MetricsReport report = metrics.report();
  EXPECT_EQ(report.examples, static_cast<std::size_t>(rows));
  golden.expect(report["r2"].value);
  EXPECT_EQ(report["mean_r2"].value, report["r2"].value);
  for (const auto& row : report.table("per_value").rows) {
    golden.expect(std::get<Estimate>(row.at(1)));
    const Estimate rmse = std::get<Estimate>(row.at(2));
    golden.expect(rmse.value);
    EXPECT_GT(rmse.interval.low, rmse.value / 2);
    EXPECT_LT(rmse.interval.low, rmse.value);
    EXPECT_GT(rmse.interval.high, rmse.value);
    for (std::size_t c = 3; c < row.size(); ++c) golden.expect(std::get<double>(row[c]));
  }
}

TEST(ValueErrors, CompareWithTheMeanThatIsGiven) {
  ValueErrors metric({"price"}, {10});
  metric.update(probabilities(Tensor::of<float>({2, 1}, {1, 3})), target(Tensor::of<float>({2, 1}, {1, 3})));
  const MetricsReport report = report_of(metric);
  const MetricTable& table = report.table("per_value");
  EXPECT_EQ(table.number(0, "baseline"), 10.0);
  EXPECT_EQ(table.number(0, "baseline_mae"), 8.0);
  EXPECT_EQ(table.number(0, "r2"), 1.0);
  EXPECT_EQ(report["mae"].baseline->value, 8.0);
  EXPECT_EQ(report["mae"].baseline->name, "always predicting the training mean");
  EXPECT_TRUE(std::isnan(report["rmse"].interval->high)) << "two examples are too few";
  EXPECT_THROW(ValueErrors(numbered(2), {1}), Error);
}

TEST(ValueErrors, HaveAnIntervalOfR2FromFiveExamplesOn) {
  const auto r2_of = [](std::int64_t examples, float noise) {
    ValueErrors metric({"price"});
    std::vector<float> said, right;
    for (std::int64_t i = 0; i < examples; ++i) {
      right.push_back(static_cast<float>(i));
      said.push_back(static_cast<float>(i) + (i % 2 == 0 ? noise : -noise));
    }
    metric.update(probabilities(Tensor::of<float>({examples, 1}, said)),
                  target(Tensor::of<float>({examples, 1}, right)));
    return report_of(metric)["r2"];
  };
  const MetricValue many = r2_of(200, 20), few = r2_of(20, 2);
  EXPECT_LT(many.interval->low, many.value);
  EXPECT_GT(many.interval->high, many.value);
  EXPECT_GT(many.interval->low, 0.8);
  EXPECT_LT(many.interval->high, 1);
  EXPECT_GT(few.interval->high - few.interval->low, many.interval->high - many.interval->low);
  EXPECT_TRUE(std::isnan(r2_of(4, 1).interval->low)) << "too few";
}

TEST(ValueErrors, AreNoNumberWhereNothingIsKnown) {
  MetricSet metrics = set_of(ValueErrors({"price"}));
  EXPECT_TRUE(std::isnan(metrics.report()["mae"].value));
  metrics.update(probabilities(Tensor::of<float>({1, 1}, {2})), target(Tensor::of<float>({1, 1}, {3})));
  EXPECT_EQ(metrics.report()["mae"].value, 1.0);
  EXPECT_TRUE(std::isnan(metrics.report()["mae"].interval->low));
  EXPECT_TRUE(std::isnan(metrics.report()["r2"].value));
  const Tensor nan = Tensor::of<float>({1, 1}, {std::numeric_limits<float>::quiet_NaN()});
  EXPECT_THROW(metrics.update(probabilities(nan), target(nan)), Error);
  EXPECT_EQ(metrics.report().examples, 1U);
}

TEST(ValueErrors, CarryTheirDirections) {
  const MetricsReport report = report_of(ValueErrors({"price"}));
  EXPECT_FALSE(report["mae"].higher_is_better);
  EXPECT_FALSE(report["rmse"].higher_is_better);
  EXPECT_TRUE(report["r2"].higher_is_better);
}

TEST(RocAuc, EqualsScikitLearn) {
  Golden golden("roc_auc.txt");
  const std::int64_t rows = golden.whole();
  const Tensor scores = golden.table(1, rows), truths = golden.table(1, rows);
  RocAuc metric;
  for (std::size_t i = 0; i < static_cast<std::size_t>(rows); ++i) {
    const float score = scores.as<float>()[i];
    metric.update(probabilities(Tensor::of<float>({1, 2}, {1 - score, score})),
                  target(Tensor::of<std::int64_t>({1}, {static_cast<std::int64_t>(truths.as<float>()[i])})));
  }
  const MetricsReport report = report_of(metric);
  const MetricValue& area = report["roc_auc"];
  golden.expect(area.value);
  EXPECT_GT(area.value - area.interval->low, 0.05);
  EXPECT_LT(area.value - area.interval->low, 0.2);
}

TEST(RocAuc, IsOneForAPerfectOrderAndHalfForNone) {
  const std::vector<std::uint8_t> truths{0, 0, 1, 1};
  EXPECT_EQ(roc_auc(std::vector<float>{1, 2, 3, 4}, truths).value, 1.0);
  EXPECT_EQ(roc_auc(std::vector<float>{4, 3, 2, 1}, truths).value, 0.0);
  EXPECT_EQ(roc_auc(std::vector<float>{5, 5, 5, 5}, truths).value, 0.5);
  EXPECT_TRUE(std::isnan(roc_auc(std::vector<float>{1}, std::vector<std::uint8_t>{1}).value));
}

}  // namespace
}  // namespace enxerto
