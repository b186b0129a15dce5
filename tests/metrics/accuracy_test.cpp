#include "enxerto/metrics/accuracy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "enxerto/base/error.h"
#include "enxerto/metrics/top_k_accuracy.h"
#include "tests/metrics/batch.h"

namespace enxerto {
namespace {

using testing::logits;
using testing::probabilities;
using testing::report_of;
using testing::target;

const Tensor kScores = Tensor::of<float>({3, 3}, {3, 1, 2, 1, 1, 0, 0, 5, 9});
const Tensor kLabels = Tensor::of<std::int64_t>({3}, {0, 1, 1});

double value(const Metric& metric) { return report_of(metric).values.at(0).value; }

TEST(Accuracy, TakesTheFirstOfEqualScores) {
  Accuracy accuracy;
  EXPECT_TRUE(std::isnan(value(accuracy)));
  accuracy.update(probabilities(kScores), target(kLabels));
  EXPECT_DOUBLE_EQ(value(accuracy), 1.0 / 3);
}

TEST(TopKAccuracy, IsAccuracyAtOneAndGrowsWithK) {
  TopKAccuracy top1(1), top2(2);
  top1.update(probabilities(kScores), target(kLabels));
  top2.update(probabilities(kScores), target(kLabels));
  EXPECT_DOUBLE_EQ(value(top1), 1.0 / 3);
  EXPECT_EQ(value(top2), 1.0);
  top2.reset();
  EXPECT_TRUE(std::isnan(value(top2)));
  top2.update(probabilities(kScores.rows(0, 1)), target(kLabels.rows(0, 1)));
  EXPECT_EQ(value(top2), 1.0);
}

TEST(Accuracy, RefusesWhatDoesNotFit) {
  Accuracy accuracy;
  const auto refused = [&](const Tensor& scores, const Tensor& labels) {
    EXPECT_THROW(accuracy.update(probabilities(scores), target(labels)), Error);
  };
  refused(kScores, kLabels.rows(0, 2));
  refused(kScores, Tensor::of<std::int64_t>({3}, {0, 1, 3}));
  refused(kScores, Tensor::of<std::int64_t>({3}, {0, -1, 2}));
  refused(kScores.reshaped({9}), kLabels);
  const float nan = std::numeric_limits<float>::quiet_NaN();
  refused(Tensor::of<float>({1, 2}, {nan, 1.0F}), Tensor::of<std::int64_t>({1}, {0}));
  EXPECT_TRUE(std::isnan(value(accuracy)));
}

TEST(Accuracy, ReadsEveryKindOfTargetBesideLogits) {
  const TensorMap outputs = logits(Tensor::of<float>({2, 2}, {3, 1, 0, 2}));
  Accuracy accuracy;
  accuracy.update(outputs, target(Tensor::of<std::int64_t>({2}, {0, 0})));
  EXPECT_EQ(value(accuracy), 0.5);
  accuracy.reset();
  accuracy.update(outputs, target(Tensor::of<float>({2, 2}, {0.9F, 0.1F, 0.2F, 0.8F})));
  EXPECT_EQ(value(accuracy), 1);
  accuracy.reset();
  accuracy.update(logits(Tensor::of<float>({2, 1}, {-1, 1})), target(Tensor::of<float>({2, 1}, {0, 0})));
  EXPECT_EQ(value(accuracy), 0.5);
}

TEST(Accuracy, RefusesSizesThatDiffer) {
  try {
    Accuracy().update(logits(Tensor::of<float>({2, 2}, {3, 1, 0, 2})), target(Tensor::of<std::int64_t>({1}, {0})));
    FAIL() << "counted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::data);
    EXPECT_NE(std::string(error.what()).find("targets of (1)"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enxerto
