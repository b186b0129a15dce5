#include "enxerto/tasks/target_scaling.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/data/target_kind.h"
#include "tests/data/made_dataset.h"

namespace enxerto {
namespace {

using testing::MadeDataset;

MadeDataset values(const std::vector<std::vector<float>>& targets) {
  return {kRegressionTarget, {"age", "price"}, targets};
}

Graph last_layer() {
  Graph graph;
  graph.parameters.set("other", Tensor::of<float>({1}, {7}));
  graph.parameters.set("head.weight", Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6}));
  graph.parameters.set("head.bias", Tensor::of<float>({2}, {0.5F, -1}));
  return graph;
}

/// What the last layer answers for the features (1, 1, 1).
std::vector<float> answers(const Graph& graph) {
  const auto weight = graph.parameters.at("head.weight").as<float>(),
             bias = graph.parameters.at("head.bias").as<float>();
  std::vector<float> result;
  for (std::size_t v = 0; v < 2; ++v) result.push_back(weight[3 * v] + weight[3 * v + 1] + weight[3 * v + 2] + bias[v]);
  return result;
}

TEST(TargetScaling, IsOfTheTrainingPartAlone) {
  const MadeDataset dataset = values({{1, 100}, {3, 300}, {1000, 1000}});
  const std::vector<std::size_t> train{0, 1};
  const TargetScaling scaling = target_scaling(dataset, train);
  EXPECT_EQ(scaling.mean, (std::vector<double>{2, 200}));
  EXPECT_EQ(scaling.deviation, (std::vector<double>{1, 100}));
}

TEST(TargetScaling, LeavesAConstantUndivided) {
  const MadeDataset dataset = values({{0.1F, 3}, {0.1F, 3}, {0.1F, 3}});
  const std::vector<std::size_t> all{0, 1, 2};
  EXPECT_EQ(target_scaling(dataset, all).deviation, (std::vector<double>{1, 1}));
}

TEST(TargetScaling, StandardisesEachValue) {
  const TargetScaling scaling{{2, 200}, {4, 0.5}};
  const Tensor targets = Tensor::of<float>({2, 2}, {2, 200, 6, 199});
  const Tensor scaled = standardised(targets, scaling);
  EXPECT_TRUE(identical(scaled, Tensor::of<float>({2, 2}, {0, 0, 1, -2})));
  EXPECT_THROW(standardised(Tensor::of<float>({4}, {1, 2, 3, 4}), scaling), Error);
}

TEST(TargetScaling, MovesIntoTheLastLayer) {
  const TargetScaling scaling{{2, 200}, {4, 0.5}};
  const Graph scaled = last_layer();
  const Graph whole = answering_in_units(scaled, scaling);
  const std::vector<float> wanted{answers(scaled)[0] * 4 + 2, answers(scaled)[1] * 0.5F + 200};
  EXPECT_EQ(answers(whole), wanted);
  EXPECT_TRUE(identical(whole.parameters.at("other"), scaled.parameters.at("other")));
}

TEST(TargetScaling, RefusesWhatHasNoValues) {
  const std::vector<std::size_t> first{0}, none;
  EXPECT_THROW(target_scaling(MadeDataset({"a", "b"}, {0}), first), Error);
  EXPECT_THROW(target_scaling(values({{1, 2}}), none), Error);
  EXPECT_THROW(answering_in_units(Graph(), {{0, 0}, {1, 1}}), Error);
  EXPECT_THROW(answering_in_units(last_layer(), {{0}, {1}}), Error);
}

}  // namespace
}  // namespace enxerto
