#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/metrics/box_scores.h"
#include "enxerto/metrics/coco_evaluation.h"
#include "tests/metrics/boxed_golden.h"

namespace enxerto {
namespace {

using testing::CocoGolden;

double mean_over(const std::array<double, CocoEvaluation::kThresholds>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

TEST(CocoEvaluation, EqualsPycocotools) {
  CocoGolden golden;
  CocoEvaluation evaluation(golden.classes);
  for (const BoxedExample& picture : golden.pictures) evaluation.add(picture);
  for (const double figure : evaluation.figures()) golden.expect(figure);
  for (std::size_t label = 0; label < golden.classes; ++label) {
    const auto curve = evaluation.curve(label, CocoEvaluation::Area::all, 100);
    golden.expect(mean_over(curve.precision));
    golden.expect(mean_over(curve.recall));
  }
}

TEST(CocoEvaluation, CountsAnExampleAsOftenAsItsWeightSays) {
  const CocoGolden golden;
  CocoEvaluation weighted(golden.classes), repeated(golden.classes);
  std::vector<std::uint32_t> weights;
  for (std::size_t i = 0; i < golden.pictures.size(); ++i) {
    weighted.add(golden.pictures[i]);
    weights.push_back(static_cast<std::uint32_t>(i % 3));
    for (std::uint32_t copy = 0; copy < weights.back(); ++copy) repeated.add(golden.pictures[i]);
  }
  for (std::size_t label = 0; label + 1 < golden.classes; ++label) {
    const auto one = weighted.curve(label, CocoEvaluation::Area::all, 100, weights);
    const auto other = repeated.curve(label, CocoEvaluation::Area::all, 100);
    EXPECT_NEAR(one.recall[0], other.recall[0], 1e-12);
    EXPECT_NEAR(one.recall[9], other.recall[9], 1e-12);
  }
}

TEST(CocoEvaluation, KnowsNothingWithoutBoxes) {
  CocoEvaluation evaluation(2);
  evaluation.add({});
  evaluation.add({.truths = {}, .found = {{.extent = {0, 0, 5, 5}, .label = 1, .score = 0.5}}});
  for (const double figure : evaluation.figures()) EXPECT_TRUE(std::isnan(figure));
}

TEST(CocoEvaluation, IsZeroWhereNothingIsFound) {
  CocoEvaluation evaluation(1);
  evaluation.add({.truths = {{.extent = {0, 0, 5, 5}, .label = 0, .area = 25}}, .found = {}});
  EXPECT_EQ(evaluation.figures()[0], 0);
  EXPECT_EQ(evaluation.figures()[8], 0);
}

TEST(CocoEvaluation, RefusesAClassThatIsNotThere) {
  CocoEvaluation evaluation(1);
  EXPECT_THROW(evaluation.add({.truths = {}, .found = {{.label = 1}}}), Error);
}

TEST(BoxScores, ReportsCocosFiguresWithIntervalsAndClasses) {
  const CocoGolden golden;
  std::size_t given = 0;
  BoxScores scores({"cat", "dog", "cow", "emu"}, [&](const TensorMap&, const TensorMap&) {
    return std::vector<BoxedExample>{golden.pictures.at(given++)};
  });
  while (given < golden.pictures.size()) scores.update({}, {});
  MetricsReport report;
  scores.report(report);
  EXPECT_EQ(report.values.size(), kCocoFigures.size() + 4);
  const MetricValue& ap50 = report["ap50"];
  ASSERT_TRUE(ap50.interval);
  EXPECT_LE(ap50.interval->low, ap50.value);
  EXPECT_GE(ap50.interval->high, ap50.value);
  EXPECT_EQ(report.table("per_class").rows.size(), 4U);
  EXPECT_TRUE(std::isnan(report.table("per_class").number(3, "ap")));
  scores.reset();
  MetricsReport none;
  scores.report(none);
  EXPECT_TRUE(std::isnan(none["ap"].value));
  EXPECT_FALSE(none["ap"].interval);
}

}  // namespace
}  // namespace enxerto
