#include "enxerto/workflow/worse_than_baseline.h"

#include <gtest/gtest.h>

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
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].find("weight is predicted worse than by always predicting the training mean"), 0U) << said[0];
}

}  // namespace
}  // namespace enxerto
