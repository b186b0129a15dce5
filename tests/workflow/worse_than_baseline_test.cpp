#include "enxerto/workflow/worse_than_baseline.h"

#include <gtest/gtest.h>

#include <cmath>
#include "enxerto/heads/exact_solver.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/metrics/value_errors.h"
#include "tests/metrics/batch.h"

namespace enxerto {
namespace {

TEST(WorseThanBaseline, NamesAColumnThatTheTrainingMeanPredictsBetter) {
  MetricSet metrics = testing::set_of(ValueErrors({"height", "weight"}, {2.0, 20.0}));
  metrics.update(testing::probabilities(Tensor::of<float>({3, 2}, {1, 30, 2, 10, 3, 40})),
                 testing::target(Tensor::of<float>({3, 2}, {1, 19, 2, 20, 3, 21})));
  const std::vector<std::string> said = worse_than_baseline(metrics.report());
  ASSERT_EQ(said.size(), 2U) << "and that R² is below 0";
  EXPECT_EQ(said[1].find("weight is predicted worse than by always predicting the training mean"), 0U) << said[1];
}

MetricsReport measured(double accuracy, double perplexity) {
  MetricsReport report;
  report.values = {
      {.name = "accuracy", .value = accuracy, .baseline = Baseline{.value = 0.5333, .name = "always predicting cat"}},
      {.name = "perplexity",
       .value = perplexity,
       .higher_is_better = false,
       .share = false,
       .baseline = Baseline{.value = 250, .name = "predicting by frequency alone"}}};
  return report;
}

TEST(WorseThanBaseline, SaysThatTheLargestClassAloneIsAsGood) {
  const std::vector<std::string> said = worse_than_baseline(measured(0.4667, 100));
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0], "accuracy 46.7 % is no better than always predicting cat (53.3 %)");
}

TEST(WorseThanBaseline, KnowsFiguresOfWhichLessIsBetter) {
  const std::vector<std::string> said = worse_than_baseline(measured(0.9, 381));
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0], "perplexity 381 is no better than predicting by frequency alone (250)");
}

TEST(WorseThanBaseline, IsSilentOfWhatWasNotMeasured) {
  EXPECT_TRUE(worse_than_baseline(measured(std::nan(""), std::nan(""))).empty());
}

TEST(WorseThanBaseline, SaysWhereAllIsWorseThanTheirOwnMean) {
  MetricsReport report;
  report.values = {{.name = "r2", .value = -1906, .share = false, .title = "R²"}};
  ASSERT_EQ(worse_than_baseline(report).size(), 1U);
  EXPECT_EQ(worse_than_baseline(report)[0].find("R² -1906 is below 0"), 0U);
  report.values.front().value = 0.1;
  EXPECT_TRUE(worse_than_baseline(report).empty());
}

TEST(NoBetterOnHeldOut, IsSaidWhereHeldOutGroupsAreToldNoBetterThanByTheBaseline) {
  TrainReport report;
  report.test = measured(0.8, 1);
  report.l2 = {10};
  report.l2_chosen_by = kHeldOutGroups;
  report.l2_trials = {{.l2 = 1, .figures = {{"accuracy", 0.9}}}, {.l2 = 10, .figures = {{"accuracy", 0.33}}}};
  EXPECT_NE(no_better_on_held_out(report).find("33.0 %"), std::string::npos);
  report.l2 = {1};
  EXPECT_EQ(no_better_on_held_out(report), "");
}

}  // namespace
}  // namespace enxerto
