#include "enxerto/graph/free_batch.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/graph/infer.h"
#include "enxerto/graph/local_shapes.h"
#include "enxerto/graph/separators.h"
#include "tests/graph/small_network.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

Node shape_constant(const std::string& name, const Ints& values) {
  const Shape length{static_cast<std::int64_t>(values.size())};
  return {name, "Constant", "", {}, {name}, {{"value", Tensor::of<std::int64_t>(length, values)}}};
}

/// One example of (1, 4, 2, 2), reshaped to `target`.
SymbolicShape freed(const Ints& target, const SymbolicShape& x = {1, 4, 2, 2}) {
  Graph graph{"g", {{"x", DType::f32, x}}, {{"y", DType::f32, {}}}, {}, {}};
  graph.nodes = {shape_constant("s", target), {"y", "Reshape", "", {"x", "s"}, {"y"}, {}}};
  graph.outputs[0].shape = infer_shapes(graph).at("y").shape;
  return with_free_batch(graph, "batch").outputs[0].shape;
}

TEST(FreeBatch, OpensReshapesThatHoldTheNumberOfExamples) {
  EXPECT_EQ(freed({1, 16}), (SymbolicShape{"batch", 16}));
  EXPECT_EQ(freed({1, -1}), (SymbolicShape{"batch", 16}));
  EXPECT_EQ(freed({1, 2, 2, 4}), (SymbolicShape{"batch", 2, 2, 4}));
  EXPECT_EQ(freed({2, 16}, {2, 4, 2, 2}), (SymbolicShape{"batch", 16}));
  EXPECT_EQ(freed({4, 8}, {2, 4, 2, 2}), (SymbolicShape{"batch*2", 8}));
}

TEST(FreeBatch, OpensWhatAFileForManyHoldsAsOneExample) {
  EXPECT_EQ(freed({1, 16}, {"n", 4, 2, 2}), (SymbolicShape{"batch", 16}));
  EXPECT_EQ(freed({-1, 16}, {"n", 4, 2, 2}), (SymbolicShape{"batch", 16}));
  EXPECT_EQ(freed({0, 2, -1}, {"n", 4, 2, 2}), (SymbolicShape{"batch", 2, 8}));
}

/// Two examples of (2, 4, 1, 1), one behind the other, taken by `indices` of each: as torch.onnx writes as_strided.
Graph strided(const Ints& indices) {
  Graph graph{"g", {{"x", DType::f32, {2, 4, 1, 1}}}, {{"y", DType::f32, {2, 4, 1}}}, {}, {}};
  graph.parameters.set("at", Tensor::of<std::int64_t>({2, 4, 1}, indices));
  graph.nodes = {shape_constant("all", {-1}),
                 {"flat", "Reshape", "", {"x", "all"}, {"flat"}, {}},
                 {"y", "Gather", "", {"flat", "at"}, {"y"}, {{"axis", std::int64_t{0}}}}};
  return with_free_batch(graph, "batch");
}

TEST(FreeBatch, OpensIndicesThatHoldTheNumberOfExamples) {
  const Graph in_order = strided({0, 1, 2, 3, 4, 5, 6, 7}), turned = strided({3, 2, 1, 0, 7, 6, 5, 4});
  EXPECT_EQ(in_order.outputs[0].shape, (SymbolicShape{"batch", 4, 1}));
  EXPECT_EQ(turned.outputs[0].shape, (SymbolicShape{"batch", 4, 1}));
  const auto gathers = [](const Node& node) { return node.op == "Gather"; };
  EXPECT_TRUE(std::ranges::none_of(in_order.nodes, gathers));
  EXPECT_TRUE(std::ranges::any_of(turned.nodes, gathers));
  check(turned);
}

TEST(FreeBatch, LeavesIndicesThatMixExamples) {
  EXPECT_EQ(strided({0, 4, 1, 5, 2, 6, 3, 7}).outputs[0].shape, (SymbolicShape{2, 4, 1}));
}

TEST(FreeBatch, RepeatsATokenThatIsPutBeforeEachExample) {
  Graph graph{"g", {{"x", DType::f32, {1, 3, 4}}}, {{"y", DType::f32, {1, 4, 4}}}, {}, {}};
  graph.parameters.set("token", Tensor::of<float>({1, 1, 4}, {1, 2, 3, 4}));
  graph.nodes = {{"y", "Concat", "", {"token", "x"}, {"y"}, {{"axis", std::int64_t{1}}}}};
  const Graph free = with_free_batch(graph, "batch");
  EXPECT_EQ(free.outputs[0].shape, (SymbolicShape{"batch", 4, 4}));
  check(free);
}

TEST(FreeBatch, LeavesAFreeNetworkAsItIs) {
  EXPECT_EQ(infer_shapes(with_free_batch(small_network(), "batch")).at("logits").shape, (SymbolicShape{"batch", 5}));
}

TEST(FreeBatch, KnowsLengthBeforeExamples) {
  Graph graph{"g", {{"x", DType::f32, {1, 5, 4}}}, {{"y", DType::f32, {5, 1, 4}}}, {}, {}};
  graph.nodes = {{"t", "Transpose", "", {"x"}, {"t"}, {{"perm", Ints{1, 0, 2}}}},
                 shape_constant("flat", {5, 4}),
                 {"rows", "Reshape", "", {"t", "flat"}, {"rows"}, {}},
                 shape_constant("back", {5, 1, 4}),
                 {"y", "Reshape", "", {"rows", "back"}, {"y"}, {}}};
  EXPECT_EQ(with_free_batch(graph, "batch").outputs[0].shape, (SymbolicShape{5, "batch", 4}));
}

TEST(FreeBatch, MergesExamplesIntoTheLengthBeforeThem) {
  Graph graph{"g", {{"x", DType::f32, {1, 5, 2, 3}}}, {{"y", DType::f32, {5, 6}}}, {}, {}};
  graph.nodes = {{"t", "Transpose", "", {"x"}, {"t"}, {{"perm", Ints{1, 0, 2, 3}}}},
                 shape_constant("flat", {5, 6}),
                 {"y", "Reshape", "", {"t", "flat"}, {"y"}, {}}};
  EXPECT_EQ(with_free_batch(graph, "batch").outputs[0].shape, (SymbolicShape{"batch*5", 6}));
}

TEST(LocalShapes, AsksTheNearestValueForTheNumberOfExamples) {
  Graph graph{"g", {{"x", DType::f32, {"batch", 4}}}, {{"y", DType::f32, {"batch", 4}}}, {}, {}};
  graph.nodes = {{"n", "Shape", "", {"x"}, {"n"}, {{"end", std::int64_t{1}}}},
                 {"a", "Relu", "", {"x"}, {"a"}, {}},
                 {"b", "Tanh", "", {"a"}, {"b"}, {}},
                 shape_constant("four", {4}),
                 {"s", "Concat", "", {"n", "four"}, {"s"}, {{"axis", std::int64_t{0}}}},
                 {"y", "Expand", "", {"b", "s"}, {"y"}, {}}};
  const std::vector<Separator> before = separators(graph);
  EXPECT_TRUE(std::none_of(before.begin(), before.end(), [](const Separator& s) { return s.value == "a"; }));
  const std::vector<Separator> found = separators(with_local_shapes(graph));
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const Separator& s) { return s.value == "a"; }));
}

TEST(Separators, AreWhereOneValueCrosses) {
  const Graph graph = small_network();
  std::vector<std::string> values;
  for (const Separator& separator : separators(graph)) {
    values.push_back(separator.value);
    EXPECT_EQ(graph.nodes[separator.position].op.empty(), false);
  }
  EXPECT_EQ(std::count(values.begin(), values.end(), "act1"), 1);
  EXPECT_EQ(std::count(values.begin(), values.end(), "conv2"), 0) << "the residual crosses beside it";
  EXPECT_GE(std::count(values.begin(), values.end(), "act2"), 1);
}

}  // namespace
}  // namespace enxerto
