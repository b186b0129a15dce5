#include "enxerto/metrics/grouped_intervals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/metrics/accuracy.h"
#include "enxerto/metrics/interval.h"
#include "enxerto/metrics/roc_auc.h"
#include "enxerto/metrics/value_errors.h"
#include "tests/metrics/batch.h"

namespace enxerto {
namespace {

using Metrics = std::vector<std::unique_ptr<Metric>>;

Metrics accuracies() {
  Metrics metrics;
  metrics.push_back(std::make_unique<Accuracy>(std::vector<std::string>{"a", "b"}));
  return metrics;
}

Metrics errors() {
  Metrics metrics;
  metrics.push_back(std::make_unique<ValueErrors>(std::vector<std::string>{"height"}));
  return metrics;
}

struct Seen {
  std::vector<float> answers;  // of the first class, or the value
  std::vector<std::int64_t> truths;
  std::vector<std::string> groups;
};

/// `copies` of each of 40 examples, of which every fourth is taken for the other class.
Seen examples(std::size_t copies, bool all_right = false) {
  Seen seen;
  for (std::size_t i = 0; i < 40 * copies; ++i) {
    const std::size_t example = i / copies, truth = example % 2;
    const bool right = all_right || example % 4 != 0;
    seen.answers.push_back((truth == 0) == right ? 0.9F : 0.1F);
    seen.truths.push_back(static_cast<std::int64_t>(truth));
    seen.groups.push_back("patient " + std::to_string(example));
  }
  return seen;
}

MetricsReport report_of(const Seen& seen, const std::vector<std::string>& groups) {
  MetricSet metrics(accuracies());
  GroupedIntervals intervals;
  for (std::size_t i = 0; i < seen.truths.size(); ++i) {
    const TensorMap outputs = testing::probabilities(Tensor::of<float>({1, 2}, {seen.answers[i], 1 - seen.answers[i]}));
    const TensorMap targets = testing::target(Tensor::of<std::int64_t>({1}, {seen.truths[i]}));
    metrics.update(outputs, targets);
    intervals.add(outputs, targets);
  }
  MetricsReport report = metrics.report();
  intervals.replace(report, groups, accuracies);
  return report;
}

double width(const Interval& interval) { return interval.high - interval.low; }

TEST(GroupedIntervals, AreAsWideForThreeCopiesOfEachAsForOne) {
  const Seen once = examples(1), thrice = examples(3);
  const MetricsReport alone = report_of(once, once.groups), grouped = report_of(thrice, thrice.groups),
                      taken_apart = report_of(thrice, std::vector<std::string>(thrice.truths.size()));
  EXPECT_EQ(alone.groups, 0U) << "no group has two";
  EXPECT_EQ(grouped.groups, 40U);
  const double one = width(*alone["accuracy"].interval), three = width(*grouped["accuracy"].interval),
               apart = width(*taken_apart["accuracy"].interval);
  EXPECT_NEAR(three / one, 1, 0.2);
  EXPECT_NEAR(three / apart, std::sqrt(3.0), 0.3);
  EXPECT_EQ(grouped["accuracy"].value, taken_apart["accuracy"].value);
}

TEST(GroupedIntervals, AreThoseOfExamplesWhereEachStandsAlone) {
  const Seen once = examples(1);
  const MetricsReport report = report_of(once, std::vector<std::string>(40));
  const Interval wilson = wilson_interval(30, 40);
  EXPECT_EQ(report["accuracy"].interval->low, wilson.low);
  EXPECT_EQ(report["accuracy"].interval->high, wilson.high);
}

TEST(GroupedIntervals, HaveAWidthWhereAllIsRight) {
  const Seen seen = examples(3, true);
  const MetricsReport report = report_of(seen, seen.groups);
  EXPECT_NEAR(report["accuracy"].interval->low, wilson_interval(40, 40).low, 1e-12);
}

TEST(GroupedIntervals, OfAnAreaAreWithinNoughtAndOne) {
  const auto area = [] {
    Metrics metrics;
    metrics.push_back(std::make_unique<RocAuc>());
    return metrics;
  };
  MetricSet metrics(area());
  GroupedIntervals intervals;
  const Seen seen = examples(3, true);
  for (std::size_t i = 0; i < seen.truths.size(); ++i) {
    const float odd = i == 5 ? 0.5F : seen.answers[i];
    const TensorMap outputs = testing::probabilities(Tensor::of<float>({1, 2}, {odd, 1 - odd}));
    const TensorMap targets = testing::target(Tensor::of<std::int64_t>({1}, {seen.truths[i]}));
    metrics.update(outputs, targets);
    intervals.add(outputs, targets);
  }
  MetricsReport report = metrics.report();
  intervals.replace(report, seen.groups, area);
  EXPECT_EQ(report.groups, 40U);
  EXPECT_LE(report["roc_auc"].interval->high, 1);
  EXPECT_GT(width(*report["roc_auc"].interval), 0.01);
}

TEST(GroupedIntervals, OfTooFewGroupsAreLeft) {
  Seen seen = examples(3);
  for (std::size_t i = 0; i < seen.groups.size(); ++i) seen.groups[i] = std::to_string(i % 4);
  EXPECT_EQ(report_of(seen, seen.groups).groups, 0U);
}

TEST(GroupedIntervals, OfNumbersAreWiderInTablesToo) {
  MetricSet metrics(errors());
  GroupedIntervals intervals;
  std::vector<std::string> groups;
  for (int i = 0; i < 60; ++i) {
    const auto height = static_cast<float>(i / 3);
    const TensorMap outputs =
        testing::probabilities(Tensor::of<float>({1, 1}, {height + static_cast<float>(i / 3 % 5)}));
    const TensorMap targets = testing::target(Tensor::of<float>({1, 1}, {height}));
    metrics.update(outputs, targets);
    intervals.add(outputs, targets);
    groups.push_back(std::to_string(i / 3));
  }
  MetricsReport report = metrics.report();
  const double before = width(*report["mae"].interval);
  intervals.replace(report, groups, errors);
  EXPECT_EQ(report.groups, 20U);
  EXPECT_GT(width(*report["mae"].interval), 1.4 * before);
  const auto& cell = std::get<Estimate>(report.table("per_value").rows.at(0).at(1));
  EXPECT_EQ(width(cell.interval), width(*report["mae"].interval));
}

}  // namespace
}  // namespace enxerto
