#include "enxerto/metrics/perplexity.h"

#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

TensorMap named(std::string_view name, const Shape& shape, std::initializer_list<float> values) {
  TensorMap map;
  map.set(std::string(name), Tensor::of<float>(shape, values));
  return map;
}

TEST(Perplexity, IsOfAllTokensTogetherNotAMeanOfTexts) {
  Perplexity metric;
  metric.update(named(kProbabilities, {1, 2}, {2, 1}), named(kTarget, {1, 3}, {4, 3, 1}));
  metric.update(named(kProbabilities, {1, 2}, {3, 4}), named(kTarget, {1, 3}, {16, 7, 4}));
  MetricsReport report;
  metric.report(report);
  EXPECT_NEAR(report["perplexity"].value, std::exp(5.0 / 5), 1e-9);
  EXPECT_NEAR(report["bits_per_token"].value, 1 / std::log(2.0), 1e-9);
  EXPECT_NEAR(report["bits_per_byte"].value, 5 / std::log(2.0) / 20, 1e-9);
  EXPECT_NEAR(report["perplexity"].baseline->value, std::exp(10.0 / 5), 1e-9);
  EXPECT_FALSE(report["perplexity"].higher_is_better);
}

TEST(Perplexity, OfNothingIsNoNumberAndHasItsNameBeforehand) {
  MetricsReport report;
  Perplexity().report(report);
  EXPECT_TRUE(std::isnan(report["perplexity"].value));
  EXPECT_EQ(report.values.size(), 3U);
}

TEST(Perplexity, RefusesAnswersAndTargetsOfAnotherShape) {
  Perplexity metric;
  EXPECT_THROW(metric.update(named(kProbabilities, {1, 3}, {2, 1, 0}), named(kTarget, {1, 3}, {4, 3, 1})), Error);
  EXPECT_THROW(metric.update(named(kProbabilities, {1, 2}, {2, 1}), named(kTarget, {1, 2}, {4, 3})), Error);
}

}  // namespace
}  // namespace enxerto
