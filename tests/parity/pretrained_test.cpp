#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "enxerto/engine/executor.h"
#include "enxerto/files/json.h"
#include "enxerto/graph/cut.h"
#include "enxerto/pretrained/load_backbone.h"
#include "tests/zoo/formula.h"

namespace enxerto {
namespace {

/// Largest difference between every tenth column of `found` and the golden rows.
double difference(const Tensor& found, const Json& rows, std::size_t stride) {
  double largest = 0;
  const auto width = static_cast<std::size_t>(found.shape().at(1));
  const auto values = found.as<float>();
  for (std::size_t row = 0; row < rows.size(); ++row)
    for (std::size_t column = 0; column < rows[row].size(); ++column)
      largest = std::max(largest, std::abs(values[row * width + column * stride] - rows[row][column].get<double>()));
  return largest;
}

class RealWeights : public ::testing::Test {
 protected:
  RealWeights()
      : golden_(read_json(std::string(ENXERTO_TEST_DATA "/parity/efficientnet_lite0.json"), 1 << 20)),
        backbone_(load_backbone("efficientnet_lite0")),
        input_(formula::input(2, 224)) {}

  Tensor run(const Graph& graph) const { return compile(graph, {.threads = 2, .batch = 2})->run(input_); }

  Json golden_;
  Backbone backbone_;
  Tensor input_;
};

TEST_F(RealWeights, GiveTimmsLogitsWithinTheTolerance) {
  const Tensor logits = run(backbone_.graph);
  ASSERT_EQ(logits.shape(), (Shape{2, 1000}));
  EXPECT_LE(difference(logits, golden_.at("logits"), golden_.at("stride").get<std::size_t>()), 1e-4);
}

TEST_F(RealWeights, GiveTimmsPooledFeaturesAtTheFrontierOfTheHead) {
  const Tensor features = run(cut_at_frontier(backbone_.graph, "head").prefix);
  ASSERT_EQ(features.shape(), (Shape{2, 1280}));
  EXPECT_LE(difference(features, golden_.at("features"), golden_.at("stride").get<std::size_t>()), 1e-4);
}

}  // namespace
}  // namespace enxerto
