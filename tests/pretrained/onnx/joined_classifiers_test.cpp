#include "enxerto/pretrained/onnx/joined_classifiers.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace enxerto {
namespace {

Node made(const std::string& op, std::vector<std::string> inputs, const std::string& output,
          Attributes attributes = {}) {
  return {output, op, "", std::move(inputs), {output}, std::move(attributes)};
}

/// Two dense layers on `first` and `second`, and `more` behind them, which makes "y".
Graph two_heads(const std::string& first, const std::string& second, std::vector<Node> more) {
  Graph graph{"net", {{"x", DType::f32, {"batch", 2}}}, {{"y", DType::f32, {"batch", 3}}}, {}, {}};
  graph.parameters.set("w1", Tensor::of<float>({3, 2}, {1, 2, 3, 4, 5, 6}));
  graph.parameters.set("b1", Tensor::of<float>({3}, {1, 1, 1}));
  graph.parameters.set("w2", Tensor::of<float>({2, 3}, {10, 20, 30, 40, 50, 60}));
  graph.parameters.set("b2", Tensor::of<float>({3}, {1, 3, 5}));
  graph.parameters.set("half", Tensor::scalar(0.5F));
  graph.nodes = {made("Relu", {"x"}, "a"), made("Sigmoid", {"x"}, "b"),
                 made("Gemm", {first, "w1", "b1"}, "h1", {{"transB", std::int64_t{1}}}),
                 made("MatMul", {second, "w2"}, "m"), made("Add", {"m", "b2"}, "h2")};
  std::ranges::move(more, std::back_inserter(graph.nodes));
  return graph;
}

std::vector<Node> averaged() { return {made("Add", {"h1", "h2"}, "sum"), made("Mul", {"sum", "half"}, "y")}; }

TEST(JoinedClassifiers, OfDifferentValuesAreOneOnAllThatTheyTake) {
  const Graph joined = with_joined_classifiers(two_heads("a", "b", averaged()));
  ASSERT_EQ(joined.nodes.size(), 4U);
  EXPECT_EQ(joined.nodes[2].op, "Concat");
  EXPECT_EQ(joined.nodes[2].inputs, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(joined.nodes[3].op, "Gemm");
  EXPECT_EQ(joined.outputs[0].name, joined.nodes[3].outputs[0]);
  EXPECT_TRUE(identical(joined.parameters.at(joined.nodes[3].inputs[1]),
                        Tensor::of<float>({3, 4}, {0.5F, 1, 5, 20, 1.5F, 2, 10, 25, 2.5F, 3, 15, 30})));
  EXPECT_TRUE(identical(joined.parameters.at(joined.nodes[3].inputs[2]), Tensor::of<float>({3}, {1, 2, 3})));
  EXPECT_EQ(joined.parameters.size(), 2U);
}

TEST(JoinedClassifiers, MayBeStackedAndAveraged) {
  Graph graph = two_heads("a", "b",
                          {made("Unsqueeze", {"h1", "zero"}, "u1"), made("Unsqueeze", {"h2", "zero"}, "u2"),
                           made("Concat", {"u1", "u2"}, "stack", {{"axis", std::int64_t{0}}}),
                           made("ReduceMean", {"stack", "zero"}, "y", {{"keepdims", std::int64_t{0}}})});
  graph.parameters.set("zero", Tensor::of<std::int64_t>({1}, {0}));
  const Graph joined = with_joined_classifiers(graph);
  EXPECT_EQ(joined.nodes.back().op, "Gemm");
  EXPECT_TRUE(identical(joined.parameters.at(joined.nodes.back().inputs[2]), Tensor::of<float>({3}, {1, 2, 3})));
}

TEST(JoinedClassifiers, LeaveAnythingElseAsItIs) {
  EXPECT_EQ(with_joined_classifiers(two_heads("a", "a", averaged())).nodes.size(), 7U);
  const Graph product = two_heads("a", "b", {made("Mul", {"h1", "h2"}, "y")});
  EXPECT_EQ(with_joined_classifiers(product).nodes.size(), 6U);
  const Graph bent = two_heads("a", "b", {made("Relu", {"h1"}, "r"), made("Add", {"r", "h2"}, "y")});
  EXPECT_EQ(with_joined_classifiers(bent).nodes.size(), 7U);
}

}  // namespace
}  // namespace enxerto
