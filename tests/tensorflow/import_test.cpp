#include "enxerto/tensorflow/import.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/graph/attributes.h"
#include "tests/tensorflow/small_model.h"

namespace enxerto {
namespace {

using testing::kSame;
using testing::kValid;
using testing::SmallModel;
using Ops = std::vector<std::string>;
using Ints = std::vector<std::int64_t>;

Ops ops(const Graph& graph) {
  Ops names;
  for (const Node& node : graph.nodes)
    if (node.op != "Constant") names.push_back(node.op);
  return names;
}

const Node& node_of(const Graph& graph, std::string_view op) { return *std::ranges::find(graph.nodes, op, &Node::op); }

ErrorText refusal(const SmallModel& model) {
  try {
    model.parse();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    return error.text();
  }
  ADD_FAILURE() << "nothing thrown";
  return {};
}

/// (1, 3, 8, 8) as ONNX has it, turned for each operation as converters from ONNX do it.
SmallModel turned_model() {
  SmallModel model;
  model.input("x", "1388")
      .integers("around", {0, 0, 0, 0, 1, 1, 1, 1})
      .node("padding", "Reshape", {"around", "two"})
      .integers("two", {4, 2})
      .node("padded", "Pad", {"x", "padding"})
      .integers("last", {0, 2, 3, 1})
      .integers("first", {0, 3, 1, 2})
      .node("t1", "Transpose", {"padded", "last"})
      .weight("kernel", {3, 3, 3, 5})
      .weight("bias", {5})
      .node("conv", "Conv2D", {"t1", "kernel"}, kValid)
      .node("sum", "Add", {"conv", "bias"})
      .node("t2", "Transpose", {"sum", "first"})
      .node("y", "LeakyRelu", {"t2"}, R"("alpha":{"f":0.1})")
      .outputs({"y"});
  return model;
}

TEST(TensorFlowImport, WritesNoTransposeWhereTheFileTurnsThereAndBack) {
  const Graph graph = turned_model().parse().graph;
  EXPECT_EQ(ops(graph), (Ops{"Conv", "LeakyRelu"}));
  EXPECT_EQ(to_string(graph.outputs[0].shape), "(1, 5, 8, 8)");
}

TEST(TensorFlowImport, MakesAPadTheConvolutionsOwnAndASumItsBias) {
  const Graph graph = turned_model().parse().graph;
  const Node& conv = node_of(graph, "Conv");
  EXPECT_EQ(attribute<Ints>(conv, "pads", {}), (Ints{1, 1, 1, 1}));
  EXPECT_EQ(conv.inputs, (Ops{"x", "kernel", "bias"}));
  EXPECT_EQ(graph.parameters.at("kernel").shape(), (Shape{5, 3, 3, 3}));
}

TEST(TensorFlowImport, KeepsASumThatIsTakenElsewhereToo) {
  SmallModel model = turned_model();
  model.node("z", "Relu", {"conv"}).outputs({"z"});
  EXPECT_EQ(node_of(model.parse().graph, "Conv").inputs.size(), 2U);
}

TEST(TensorFlowImport, TurnsMapsOnceForSeveralConvolutions) {
  SmallModel model;
  model.input("x", "1883").weight("a", {3, 3, 3, 4}).weight("b", {1, 1, 3, 4});
  model.node("p", "Conv2D", {"x", "a"}, kSame).node("q", "Conv2D", {"x", "b"}, kSame);
  model.node("y", "AddV2", {"p", "q"}).outputs({"y"});
  const Graph graph = model.parse().graph;
  EXPECT_EQ(ops(graph), (Ops{"Transpose", "Conv", "Conv", "Add", "Transpose"}));
  EXPECT_EQ(graph.outputs[0].name, "y");
  EXPECT_EQ(to_string(graph.outputs[0].shape), "(1, 8, 8, 4)");
}

TEST(TensorFlowImport, NamesAllOperatorsThatAreNotRead) {
  SmallModel model;
  model.input("x", "1883").node("a", "Roll", {"x"}).node("b", "Roll", {"a"}).node("c", "While", {"b"}).outputs({"c"});
  const ErrorText text = refusal(model);
  EXPECT_EQ(text.where, "m.json");
  EXPECT_EQ(text.found, "unsupported operators: Roll (2: a, b); While (1: c)");
  EXPECT_NE(text.expected.find("Conv2D"), std::string::npos);
}

TEST(TensorFlowImport, LeavesOutAnOutputThatItCannotRead) {
  SmallModel model;
  model.input("x", "1883").node("a", "Relu", {"x"}).node("b", "NonMaxSuppressionV5", {"a"}).outputs({"a", "b"});
  const TensorFlowModel read = model.parse();
  ASSERT_EQ(read.graph.outputs.size(), 1U);
  EXPECT_EQ(read.graph.outputs[0].name, "a");
  EXPECT_EQ(read.notes.back(), "left out the output b, which depends on NonMaxSuppressionV5 (1: b)");
}

TEST(TensorFlowImport, TakesWhatNothingUsesWhereThereIsNoSignature) {
  SmallModel model;
  model.input("x", "1883").node("a", "Relu", {"x"}).node("b", "Abs", {"a"});
  EXPECT_EQ(model.parse().graph.outputs[0].name, "b");
}

TEST(TensorFlowImport, RefusesWhatIsNoNetwork) {
  EXPECT_EQ(
      refusal(SmallModel().input("x", "18").node("a", "Relu", {"b"}).node("b", "Relu", {"a"}).outputs({"a"})).found,
      "a cycle through node 'a'");
  EXPECT_EQ(refusal(SmallModel().input("x", "18").node("a", "Relu", {"y"}).outputs({"a"})).found,
            "node 'a' that takes 'y', which is missing");
  EXPECT_EQ(
      refusal(SmallModel().input("x", "18").node("c", "Const", {}).node("a", "Add", {"x", "c"}).outputs({"a"})).found,
      "no values");
  EXPECT_EQ(refusal(SmallModel().input("x", "18").node("a", "Relu", {"x"}).outputs({"b"})).found,
            "the output 'b', which no node makes");
}

TEST(TensorFlowImport, RefusesAKernelForOtherChannelsNamingTheNode) {
  SmallModel model;
  model.input("x", "1883").weight("k", {3, 3, 5, 4}).node("conv", "Conv2D", {"x", "k"}, kSame).outputs({"conv"});
  const ErrorText text = refusal(model);
  EXPECT_EQ(text.where, "m.json: node 'conv' ('Conv2D')");
  EXPECT_EQ(text.found, "a kernel for 5 channels on 3");
}

TEST(TensorFlowImport, HasFactorsForResizesSoThatOtherSizesFit) {
  SmallModel model;
  model.input("x", "1883").integers("half", {4, 4}).integers("odd", {5, 5});
  model.node("a", "ResizeBilinear", {"x", "half"}, R"("half_pixel_centers":{"b":true})").outputs({"a"});
  EXPECT_EQ(node_of(model.parse().graph, "Resize").inputs.size(), 3U);
  model.node("b", "ResizeBilinear", {"x", "odd"}).outputs({"b"});
  const Graph graph = model.parse().graph;
  const auto last = std::ranges::find_if(graph.nodes.rbegin(), graph.nodes.rend(),
                                         [](const Node& node) { return node.op == "Resize"; });
  EXPECT_EQ(last->inputs.size(), 4U);
}

}  // namespace
}  // namespace enxerto
