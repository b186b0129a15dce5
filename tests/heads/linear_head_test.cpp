#include "enxerto/heads/linear_head.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

LinearClassifier classifier() {
  return {Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6}), Tensor::of<float>({2}, {7, 8})};
}

std::vector<std::string> operators(const Graph& graph) {
  std::vector<std::string> names;
  for (const Node& node : graph.nodes) names.push_back(node.op);
  return names;
}

TEST(LinearHead, PoolsAMapAndEndsInProbabilities) {
  const Graph graph = linear_head(3, classifier());
  EXPECT_NO_THROW(check(graph));
  EXPECT_EQ(operators(graph), (std::vector<std::string>{"GlobalAveragePool", "Flatten", "Gemm", "Softmax"}));
  EXPECT_EQ(graph.stages(), std::vector<std::string>{"head"});
  EXPECT_EQ(graph.inputs[0].shape, (SymbolicShape{"batch", 3, "height", "width"}));
  EXPECT_EQ(graph.outputs[0].name, kHeadLogits);
  EXPECT_EQ(graph.outputs[1].name, kHeadProbabilities);
  EXPECT_EQ(graph.outputs[1].shape, (SymbolicShape{"batch", 2}));
}

TEST(LinearHead, TakesFeaturesThatArePooledAlready) {
  const Graph graph = linear_head(3, classifier(), {.input = "pooled", .kind = HeadInput::pooled});
  EXPECT_NO_THROW(check(graph));
  EXPECT_EQ(operators(graph), (std::vector<std::string>{"Gemm", "Softmax"}));
  EXPECT_EQ(graph.nodes[0].inputs[0], "pooled");
}

TEST(LinearHead, SharesTheClassifiersTensors) {
  const LinearClassifier made = classifier();
  EXPECT_EQ(linear_head(3, made).parameters.at("head.weight").data(), made.weight.data());
}

TEST(LinearHead, RefusesAClassifierForOtherFeatures) {
  EXPECT_THROW(linear_head(4, classifier()), Error);
  EXPECT_THROW(linear_head(3, {Tensor::of<float>({2, 3}, {1, 2, 3, 4, 5, 6}), Tensor::of<float>({1}, {7})}), Error);
}

}  // namespace
}  // namespace enxerto
