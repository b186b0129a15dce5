#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "enxerto/base/error.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/onnx/import.h"
#include "enxerto/onnx/upgrade.h"
#include "tests/onnx/wire.h"

namespace enxerto {
namespace {

using Ops = std::vector<std::string>;

Graph read(const wire::GraphText& text, std::int64_t opset) {
  const std::string bytes = wire::model(text, opset).bytes();
  return parse_onnx(std::as_bytes(std::span(bytes)), "m.onnx", "").graph;
}

Ops ops(const Graph& graph) {
  Ops names;
  for (const Node& node : graph.nodes)
    if (node.op != "Constant") names.push_back(node.op);
  return names;
}

std::vector<std::int64_t> numbers(const Graph& graph, const std::string& value) {
  const auto node = std::find_if(graph.nodes.begin(), graph.nodes.end(),
                                 [&](const Node& candidate) { return candidate.outputs[0] == value; });
  const auto data = required_attribute<Tensor>(*node, "value").as<std::int64_t>();
  return {data.begin(), data.end()};
}

/// One operation x -> y with these attributes; x is (n, 4).
wire::GraphText one(const std::string& op, std::vector<wire::Message> attributes) {
  return {.nodes = {{.op = op, .inputs = {"x"}, .outputs = {"y"}, .attributes = std::move(attributes)}}};
}

TEST(Upgrade, MovesAttributesToInputs) {
  const Graph graph = read(one("Unsqueeze", {wire::ints_attribute("axes", {2})}), 11);
  ASSERT_EQ(ops(graph), Ops{"Unsqueeze"});
  EXPECT_EQ(numbers(graph, graph.nodes.back().inputs[1]), std::vector<std::int64_t>{2});
  EXPECT_TRUE(graph.nodes.back().attributes.empty());
  EXPECT_EQ(graph.outputs[0].shape, (SymbolicShape{"n", 4, 1}));
}

TEST(Upgrade, TurnsTheLimitsOfAnOldClipIntoInputsOfItsType) {
  const Graph graph = read(one("Clip", {wire::float_attribute("max", 6.0F)}), 7);
  const Node& clip = graph.nodes.back();
  ASSERT_EQ(clip.inputs.size(), 3U);
  EXPECT_EQ(clip.inputs[1], "");
  EXPECT_EQ(required_attribute<Tensor>(graph.nodes.front(), "value").as<float>()[0], 6.0F);
}

TEST(Upgrade, TakesTheNearestIntegerForALimitBeyondTheType) {
  EXPECT_EQ(scalar_of(DType::i8, -3.4e38).as<std::int8_t>()[0], -128);
  EXPECT_EQ(scalar_of(DType::u8, 300).as<std::uint8_t>()[0], 255);
  EXPECT_EQ(scalar_of(DType::i64, 1e30).as<std::int64_t>()[0], std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(scalar_of(DType::i32, std::nan("")).as<std::int32_t>()[0], 0);
}

TEST(Upgrade, NormalisesAllAxesFromTheOneOfAnOldSoftmax) {
  wire::GraphText text = one("Softmax", {wire::int_attribute("axis", 1)});
  text.inputs = {wire::value("x", {-1, 4, 5})};
  const Ops old = ops(read(text, 11));
  EXPECT_EQ(std::count(old.begin(), old.end(), "Flatten"), 1);
  EXPECT_EQ(old.back(), "Reshape");
  EXPECT_EQ(ops(read(text, 13)), Ops{"Softmax"});
  EXPECT_EQ(ops(read(one("Softmax", {wire::int_attribute("axis", 1)}), 11)), Ops{"Softmax"}) << "the last axis";
}

TEST(Upgrade, CountsThePartsOfASplit) {
  const wire::GraphText text{
      .nodes = {{.op = "Split", .inputs = {"x"}, .outputs = {"a", "b"}, .attributes = {wire::int_attribute("axis", 1)}},
                {.op = "Add", .inputs = {"a", "b"}, .outputs = {"y"}}}};
  const Graph graph = read(text, 13);
  EXPECT_EQ(attribute<std::int64_t>(graph.nodes[0], "num_outputs", 0), 2);
  EXPECT_EQ(graph.outputs[0].shape, (SymbolicShape{"n", 2}));
}

TEST(Upgrade, DropsTrainingOutputsThatNothingUsesAndRefusesThoseInUse) {
  wire::GraphText text{.nodes = {{.op = "Dropout", .inputs = {"x"}, .outputs = {"h", "mask"}},
                                 {.op = "Relu", .inputs = {"h"}, .outputs = {"y"}}}};
  EXPECT_EQ(ops(read(text, 10)), Ops{"Relu"});
  text.nodes[1].inputs = {"mask"};
  EXPECT_THROW(read(text, 10), Error);
}

TEST(Upgrade, RefusesBatchNormalisationWhileTraining) {
  wire::GraphText text = one("BatchNormalization", {wire::int_attribute("training_mode", 1)});
  for (const char* name : {"s", "b", "m", "v"}) {
    text.nodes[0].inputs.emplace_back(name);
    text.initializers.push_back(wire::floats(name, {4}, {1, 1, 1, 1}));
  }
  EXPECT_THROW(read(text, 15), Error);
  text.nodes[0].attributes.clear();
  EXPECT_EQ(ops(read(text, 15)), Ops{"BatchNormalization"});
}

TEST(Upgrade, WritesAGroupNormalisationOfOpset21AsAnInstanceNormalisation) {
  wire::GraphText text = one("GroupNormalization", {wire::int_attribute("num_groups", 2)});
  text.inputs = {wire::value("x", {-1, 4, 3})};
  text.nodes[0].inputs = {"x", "scale", "shift"};
  text.initializers = {wire::floats("scale", {4}, {1, 2, 3, 4}), wire::floats("shift", {4}, {1, 2, 3, 4})};
  const Ops written = ops(read(text, 21));
  EXPECT_EQ(std::count(written.begin(), written.end(), "InstanceNormalization"), 1);
  EXPECT_EQ(std::count(written.begin(), written.end(), "GroupNormalization"), 0);
}

TEST(Upgrade, ReadsUpsampleAsResize) {
  wire::GraphText text{.nodes = {{.op = "Upsample", .inputs = {"x", "scales"}, .outputs = {"y"}}},
                       .initializers = {wire::floats("scales", {4}, {1, 1, 2, 2})},
                       .inputs = {wire::value("x", {-1, 3, 4, 5})}};
  const Graph graph = read(text, 9);
  ASSERT_EQ(ops(graph), Ops{"Resize"});
  EXPECT_EQ(graph.outputs[0].shape, (SymbolicShape{"n", 3, 8, 10}));
  EXPECT_EQ(attribute<std::string>(graph.nodes.back(), "nearest_mode", ""), "floor");
}

TEST(Upgrade, WritesRecurrentLayersLengthFirstAndWithTheUsualActivations) {
  wire::GraphText text = one("LSTM", {wire::int_attribute("layout", 1), wire::int_attribute("input_forget", 0),
                                      wire::strings_attribute("activations", {"Sigmoid", "Tanh", "tanh"})});
  text.inputs = {wire::value("x", {-1, 5, 2})};
  text.nodes[0].inputs = {"x", "w", "r"};
  text.nodes[0].outputs = {"", "y"};
  text.nodes[0].name = "rnn";
  text.initializers = {wire::floats("w", {1, 4, 2}, std::vector<float>(8, 1.0F)),
                       wire::floats("r", {1, 4, 1}, std::vector<float>(4, 1.0F))};
  const Graph graph = read(text, 14);
  EXPECT_EQ(ops(graph), (Ops{"Transpose", "LSTM", "Transpose"}));
  EXPECT_EQ(graph.nodes[1].attributes.size(), 1U);
  EXPECT_EQ(attribute<std::int64_t>(graph.nodes[1], "hidden_size", 0), 1);
  EXPECT_EQ(graph.outputs[0].shape, (SymbolicShape{"n", 1, 1}));
  EXPECT_TRUE(graph.parameters.contains("w"));
  text.nodes[0].attributes = {wire::strings_attribute("activations", {"HardSigmoid", "Tanh", "Tanh"})};
  EXPECT_THROW(read(text, 14), Error);
}

}  // namespace
}  // namespace enxerto
