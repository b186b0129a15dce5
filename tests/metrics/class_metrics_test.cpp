#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "enxerto/base/error.h"
#include "enxerto/metrics/accuracy.h"
#include "enxerto/metrics/balanced_accuracy.h"
#include "enxerto/metrics/class_scores.h"
#include "enxerto/metrics/cohen_kappa.h"
#include "enxerto/metrics/log_loss.h"
#include "enxerto/metrics/top_k_accuracy.h"
#include "tests/metrics/batch.h"

namespace enxerto {
namespace {

using testing::numbered;
using testing::probabilities;
using testing::report_of;
using testing::set_of;
using testing::target;

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

MetricSet metrics_of(std::size_t classes) {
  return set_of(Accuracy(), BalancedAccuracy(classes), LogLoss(), TopKAccuracy(5), CohenKappa(classes),
                ClassScores(numbered(classes)));
}

TEST(MetricsOfClasses, EqualScikitLearn) {
  Golden golden;
  MetricSet metrics = metrics_of(static_cast<std::size_t>(golden.classes));
  metrics.update(probabilities(golden.probabilities.rows(0, 15)), target(golden.labels.rows(0, 15)));
  metrics.update(probabilities(golden.probabilities.rows(15, golden.rows)),
                 target(golden.labels.rows(15, golden.rows)));
  const MetricsReport report = metrics.report();
  EXPECT_EQ(report.examples, static_cast<std::size_t>(golden.rows));
  EXPECT_NEAR(report["accuracy"].value, golden.next(), 1e-8);
  EXPECT_NEAR(report["accuracy"].interval->low, golden.next(), 1e-8);
  EXPECT_NEAR(report["accuracy"].interval->high, golden.next(), 1e-8);
  EXPECT_NEAR(report["top5"].value, golden.next(), 1e-8);
  EXPECT_NEAR(report["log_loss"].value, golden.next(), 1e-6);
  const MetricTable& table = report.table("per_class");
  for (std::size_t k = 0; k < table.rows.size(); ++k) {
    EXPECT_NEAR(table.number(k, "precision"), golden.next(), 1e-8);
    EXPECT_NEAR(table.number(k, "recall"), golden.next(), 1e-8);
    EXPECT_NEAR(table.number(k, "f1"), golden.next(), 1e-8);
    EXPECT_EQ(table.number(k, "support"), golden.next());
  }
  EXPECT_NEAR(report["macro.precision"].value, golden.next(), 1e-8);
  EXPECT_NEAR(report["macro.recall"].value, golden.next(), 1e-8);
  EXPECT_NEAR(report["macro.f1"].value, golden.next(), 1e-8);
  for (const auto& row : report.confusion->counts)
    for (const std::size_t cell : row) EXPECT_EQ(static_cast<double>(cell), golden.next());
  EXPECT_NEAR(report["cohen_kappa"].value, golden.next(), 1e-8);
}

TEST(MetricsOfClasses, ForgetAtReset) {
  Golden golden;
  MetricSet metrics = metrics_of(static_cast<std::size_t>(golden.classes));
  metrics.update(probabilities(golden.probabilities), target(golden.labels));
  metrics.reset();
  const MetricsReport report = metrics.report();
  EXPECT_EQ(report.examples, 0U);
  EXPECT_TRUE(std::isnan(report["accuracy"].value));
  EXPECT_TRUE(std::isnan(report["accuracy"].interval->low));
  EXPECT_TRUE(std::isnan(report["log_loss"].value));
  EXPECT_EQ(report.confusion->counts[0][0], 0U);
}

TEST(MetricsOfClasses, CountNothingOfABatchThatIsRefused) {
  MetricSet metrics = metrics_of(2);
  const TensorMap labels = target(Tensor::of<std::int64_t>({1}, {0}));
  EXPECT_THROW(metrics.update(probabilities(Tensor::of<float>({1, 2}, {-4.0F, 9.0F})), labels), Error);
  EXPECT_EQ(metrics.report().examples, 0U);
  EXPECT_TRUE(std::isnan(metrics.report()["log_loss"].value));
  ClassScores scores(numbered(2));
  EXPECT_THROW(scores.update(probabilities(Tensor::of<float>({1, 3}, {0.5F, 0.2F, 0.3F})), labels), Error);
  EXPECT_EQ(report_of(scores)["macro.support"].value, 0);
}

TEST(ClassScores, LeaveClassesThatNeverOccurOutOfTheMeans) {
  ClassScores metric(numbered(3));
  metric.update(probabilities(Tensor::of<float>({2, 3}, {0.8F, 0.1F, 0.1F, 0.1F, 0.9F, 0.0F})),
                target(Tensor::of<std::int64_t>({2}, {0, 1})));
  EXPECT_EQ(report_of(metric)["macro.f1"].value, 1.0);
  EXPECT_TRUE(std::isnan(report_of(metric).table("per_class").number(2, "f1"))) << "it was not tested";
  EXPECT_TRUE(std::isnan(report_of(metric).table("per_class").number(2, "recall")));
}

TEST(ClassScores, SayThatAClassWithoutExamplesCountsWhereItWasPredicted) {
  ClassScores metric(numbered(3));
  metric.update(probabilities(Tensor::of<float>({2, 3}, {0.8F, 0.1F, 0.1F, 0.1F, 0.0F, 0.9F})),
                target(Tensor::of<std::int64_t>({2}, {0, 1})));
  EXPECT_NEAR(report_of(metric)["macro.recall"].value, 1.0 / 3, 1e-12) << "as in scikit-learn";
  EXPECT_NE(report_of(metric).table("per_class").note.find("counts as 0 in the means"), std::string::npos);
}

/// Probabilities of two classes.
TensorMap answers(const std::vector<std::int64_t>& said) {
  std::vector<float> rows;
  for (const std::int64_t one : said) rows.insert(rows.end(), {one == 0 ? 0.9F : 0.1F, one == 1 ? 0.9F : 0.1F});
  return probabilities(Tensor::of<float>({static_cast<std::int64_t>(said.size()), 2}, rows));
}

TEST(Accuracy, IsHeldAgainstTheMostFrequentClass) {
  Accuracy metric({"cat", "dog"});
  EXPECT_FALSE(report_of(metric)["accuracy"].baseline);
  metric.update(answers({0, 1, 1, 1}), target(Tensor::of<std::int64_t>({4}, {0, 1, 1, 1})));
  const MetricsReport report = report_of(metric);
  EXPECT_EQ(report["accuracy"].baseline->value, 0.75);
  EXPECT_EQ(report["accuracy"].baseline->name, "always predicting dog");
}

TEST(BalancedAccuracy, IsTheMeanRecallAndShownWhereClassesAreOfUnequalSize) {
  BalancedAccuracy metric(2);
  EXPECT_TRUE(std::isnan(report_of(metric)["balanced_accuracy"].value));
  EXPECT_FALSE(report_of(metric)["balanced_accuracy"].shown);
  metric.update(answers({1, 1, 0, 1, 1, 1, 1, 1}), target(Tensor::of<std::int64_t>({8}, {0, 1, 0, 1, 1, 1, 1, 1})));
  EXPECT_EQ(report_of(metric)["balanced_accuracy"].value, 0.75);
  EXPECT_EQ(report_of(metric)["balanced_accuracy"].baseline->value, 0.5);
  EXPECT_FALSE(report_of(metric)["balanced_accuracy"].shown) << "6 of 8 is 1.5 times the even share, not more";
  metric.update(answers({1}), target(Tensor::of<std::int64_t>({1}, {1})));
  EXPECT_TRUE(report_of(metric)["balanced_accuracy"].shown);
  EXPECT_LT(report_of(metric)["balanced_accuracy"].interval->high, 1);
}

TEST(CohenKappa, IsNoNumberWhereChanceAloneAgrees) {
  CohenKappa metric(3);
  metric.update(probabilities(Tensor::of<float>({2, 3}, {0.8F, 0.1F, 0.1F, 0.9F, 0.1F, 0.0F})),
                target(Tensor::of<std::int64_t>({2}, {0, 0})));
  EXPECT_TRUE(std::isnan(report_of(metric)["cohen_kappa"].value));
  metric.update(probabilities(Tensor::of<float>({1, 3}, {0.8F, 0.1F, 0.1F})),
                target(Tensor::of<std::int64_t>({1}, {1})));
  EXPECT_EQ(report_of(metric)["cohen_kappa"].value, 0);
}

TEST(MetricsOfClasses, TakeTheTargetsOfEveryLoss) {
  const TensorMap outputs = probabilities(Tensor::of<float>({2, 2}, {0.7F, 0.3F, 0.4F, 0.6F}));
  for (const Tensor& targets : {Tensor::of<std::int64_t>({2}, {0, 1}), Tensor::of<float>({2, 2}, {0.9F, 0.1F, 0, 1}),
                                Tensor::of<float>({2, 1}, {0, 1})}) {
    MetricSet metrics = metrics_of(2);
    metrics.update(outputs, target(targets));
    EXPECT_EQ(metrics.report()["macro.f1"].value, 1.0);
    EXPECT_EQ(metrics.report()["top5"].value, 1.0);
  }
}

}  // namespace
}  // namespace enxerto
