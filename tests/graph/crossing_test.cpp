// What crosses a cut where several values could.
#include "enxerto/graph/crossing.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "enxerto/graph/builder.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/fingerprint.h"
#include "tests/graph/names_of.h"

namespace enxerto {
namespace {

using testing::names_of;

constexpr std::int64_t kWidth = 4;

std::string attention(GraphBuilder& net, const std::string& x, const std::string& mask, const std::string& name) {
  const std::string keys = net.add("Transpose", name + ".keys", {net.dense(x, name + ".key", kWidth)},
                                   {{"perm", std::vector<std::int64_t>{0, 2, 1}}});
  const std::string scores = net.add("MatMul", name + ".scores", {net.dense(x, name + ".query", kWidth), keys});
  const std::string shares = net.add("Softmax", name + ".shares", {net.add("Add", name + ".masked", {scores, mask})},
                                     {{"axis", std::int64_t{-1}}});
  return net.add("MatMul", name + ".mixed", {shares, x});
}

/// Two layers of attention over tokens; the mask is widened to (batch, length, length) before the first.
Graph attention_network(const Dim& length) {
  GraphBuilder net("attention");
  std::string x = net.input("tokens", {"batch", length, kWidth});
  const std::string mask = net.input("mask", {"batch", length}, DType::f32);
  net.stage("embeddings");
  x = net.dense(x, "embed", kWidth);
  const auto axes = [&](std::int64_t axis) { return net.constant(Tensor::of<std::int64_t>({1}, {axis})); };
  const std::string columns = net.add("Unsqueeze", "columns", {mask, axes(1)});
  const std::string rows = net.add("Unsqueeze", "rows", {mask, axes(2)});
  const std::string wide = net.add("Log", "widened", {net.add("Mul", "pairs", {columns, rows})});
  net.stage("block0");
  x = attention(net, x, wide, "block0");
  net.stage("block1");
  x = attention(net, x, wide, "block1");
  net.stage("head");
  x = net.add("ReduceMean", "pooled", {x, net.constant(Tensor::of<std::int64_t>({1}, {1}))},
              {{"keepdims", std::int64_t{0}}});
  net.output(net.linear(x, "fc", 2), "logits");
  const Blueprint blueprint = std::move(net).finish();
  Graph graph = blueprint.graph;
  for (const ParameterSpec& spec : blueprint.parameters)
    graph.parameters.set(spec.name, Tensor::of<float>(spec.shape, std::vector<float>(element_count(spec.shape), 0.5F)));
  return graph;
}

TEST(Crossing, OfAnAttentionMaskIsTheMaskThatWasGiven) {
  for (const Dim& length : {Dim("length"), Dim(6)}) {
    const Graph whole = attention_network(length);
    for (const char* stage : {"block0", "block1"}) {
      const Halves halves = cut(whole, stage);
      ASSERT_EQ(halves.suffix.inputs.size(), 2U) << stage;
      EXPECT_EQ(halves.suffix.inputs[0].name, "mask") << stage;
      EXPECT_EQ(to_string(halves.suffix.inputs[0].shape), length.is_symbolic() ? "(batch, length)" : "(batch, 6)");
      EXPECT_EQ(names_of(halves.prefix.outputs), names_of(halves.suffix.inputs)) << stage;
      const auto made = [](const Graph& graph) {
        return std::ranges::any_of(graph.nodes, [](const Node& node) { return node.name == "widened"; });
      };
      EXPECT_TRUE(made(halves.suffix)) << stage;
      EXPECT_EQ(halves.suffix.stages().front(), stage);
      EXPECT_EQ(fingerprint(join(halves.prefix, halves.suffix)), fingerprint(whole)) << stage;
    }
  }
}

TEST(Crossing, IsTheValueWhereItIsSmallerThanItsInputAndOfOneLength) {
  GraphBuilder net("lengths");
  std::string x = net.input("tokens", {"batch", "length", kWidth});
  const std::string mask = net.input("mask", {"batch", "length"});
  net.stage("body");
  x = net.dense(x, "embed", kWidth);
  x = net.add("ReduceSum", "summed", {x, net.constant(Tensor::of<std::int64_t>({1}, {1}))},
              {{"keepdims", std::int64_t{0}}});
  const std::string count = net.add("ReduceSum", "count", {mask, net.constant(Tensor::of<std::int64_t>({1}, {1}))},
                                    {{"keepdims", std::int64_t{1}}});
  net.stage("head");
  net.output(net.linear(net.add("Div", "mean", {x, count}), "fc", 2), "logits");
  const Blueprint blueprint = std::move(net).finish();
  Graph graph = blueprint.graph;
  for (const ParameterSpec& spec : blueprint.parameters)
    graph.parameters.set(spec.name, Tensor::of<float>(spec.shape, std::vector<float>(element_count(spec.shape), 1)));
  EXPECT_EQ(crossing(graph, stage_begin(graph, "head")), (std::vector<std::string>{"summed", "count"}));
}

TEST(Crossing, CountsALengthAsManyAndABatchAsOne) {
  const Graph whole = attention_network("length");
  const Crossing crossing(whole);
  const std::size_t block1 = stage_begin(whole, "block1");
  EXPECT_EQ(crossing.at(block1), (std::vector<std::string>{"mask", "block0.mixed"}));
  EXPECT_EQ(crossing.bytes_at(block1), 128U * 4 + 128U * kWidth * 4);
  EXPECT_EQ(cut_at_frontier(whole, "head").prefix.outputs[0].name, "pooled") << "a pooled vector, not its tokens";
}

TEST(Crossing, IsTheValueWhereAParameterHasAPartInIt) {
  GraphBuilder net("transposed weight");
  const std::string x = net.input("tokens", {"batch", "length", kWidth});
  net.stage("embed");
  const std::string weight = net.add("Transpose", "turned", {net.parameter("w", {kWidth, kWidth})},
                                     {{"perm", std::vector<std::int64_t>{1, 0}}});
  const std::string embedded = net.add("MatMul", "embedded", {x, weight});
  net.stage("head");
  net.output(net.add("Relu", "relu", {embedded}), "y");
  const Blueprint blueprint = std::move(net).finish();
  Graph graph = blueprint.graph;
  graph.parameters.set("w", Tensor::of<float>({kWidth, kWidth}, std::vector<float>(kWidth * kWidth, 1)));
  EXPECT_EQ(crossing(graph, stage_begin(graph, "head")), std::vector<std::string>{"embedded"});
  const Crossing before(blueprint.graph, infer_shapes(blueprint));
  EXPECT_EQ(before.at(stage_begin(graph, "head")), std::vector<std::string>{"embedded"}) << "before the weights are";
}

TEST(Crossing, OfFeaturesOfSeveralScalesIsEachOfThem) {
  GraphBuilder net("pyramid");
  std::string x = net.input("input", {"batch", 3, 16, 16});
  std::vector<std::string> scales;
  for (const char* stage : {"layer1", "layer2", "layer3"}) {
    net.stage(stage);
    x = net.relu(net.conv(x, {.name = std::string(stage) + ".conv", .out = 4, .stride = 2}),
                 std::string(stage) + ".relu");
    scales.push_back(x);
  }
  net.stage("head");
  std::vector<std::string> pooled;
  for (const std::string& scale : scales)
    pooled.push_back(net.linear(net.global_average_pool(scale, scale + ".pool"), scale + ".fc", 2));
  net.output(net.add("Add", "sum", {net.add("Add", "two", {pooled[0], pooled[1]}), pooled[2]}), "logits");
  const Blueprint blueprint = std::move(net).finish();
  Graph graph = blueprint.graph;
  for (const ParameterSpec& spec : blueprint.parameters)
    graph.parameters.set(spec.name, Tensor::of<float>(spec.shape, std::vector<float>(element_count(spec.shape), 1)));
  const Halves halves = cut(graph, "head");
  EXPECT_EQ(names_of(halves.suffix.inputs), (std::vector<std::string>{"layer1.relu", "layer2.relu", "layer3.relu"}));
  EXPECT_EQ(fingerprint(join(halves.prefix, halves.suffix)), fingerprint(graph));
}

}  // namespace
}  // namespace enxerto
