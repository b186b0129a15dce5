#include "enxerto/onnx/import.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/onnx/export.h"
#include "tests/graph/small_network.h"
#include "tests/onnx/wire.h"

namespace enxerto {
namespace {

OnnxModel parse(const std::string& bytes) { return parse_onnx(std::as_bytes(std::span(bytes)), "m.onnx", ""); }
OnnxModel parse(const wire::Message& model) { return parse(model.bytes()); }

std::vector<std::string> ops(const Graph& graph) {
  std::vector<std::string> names;
  for (const Node& node : graph.nodes) names.push_back(node.op);
  return names;
}
using Ops = std::vector<std::string>;

const Node& node_of(const Graph& graph, std::string_view op) {
  return *std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](const Node& node) { return node.op == op; });
}

const Tensor& constant_of(const Graph& graph, const std::string& value) {
  const auto node = std::find_if(graph.nodes.begin(), graph.nodes.end(),
                                 [&](const Node& candidate) { return candidate.outputs[0] == value; });
  return required_attribute<Tensor>(*node, "value");
}

TEST(OnnxImport, ReadsWhatIsWritten) {
  const Graph graph = small_network();
  const OnnxModel model =
      parse(to_onnx_bytes(graph, {.parameters = OnnxParameters::inside, .metadata = {{"labels", "a b"}}}));
  EXPECT_EQ(to_onnx_bytes(model.graph), to_onnx_bytes(graph));
  EXPECT_EQ(model.graph.stages(), graph.stages());
  EXPECT_EQ(model.metadata.at("labels"), "a b");
  EXPECT_EQ(model.opset, 20);
  EXPECT_TRUE(model.producer.starts_with("enxerto"));
}

TEST(OnnxImport, MakesConstantsThatAreTrainedParametersAndOthersConstants) {
  const wire::Message weight = wire::floats("", {4, 4}, std::vector<float>(16, 2.0F));
  const wire::Message value = wire::Message().text(1, "value").message(5, weight).number(20, 4);
  const Graph graph =
      parse(wire::model({.nodes = {{.op = "Constant", .inputs = {}, .outputs = {"w"}, .attributes = {value}},
                                   {.op = "MatMul", .inputs = {"x", "w"}, .outputs = {"h"}},
                                   {.op = "Mul", .inputs = {"h", "half"}, .outputs = {"y"}}},
                         .initializers = {wire::floats("half", {}, {0.5F})}}))
          .graph;
  EXPECT_TRUE(graph.parameters.contains("w"));
  EXPECT_EQ(graph.parameters.size(), 1U);
  EXPECT_EQ(constant_of(graph, "half").as<float>()[0], 0.5F);
}

TEST(OnnxImport, KeepsASingleNumberOfAConstantNodeASetting) {
  const wire::Message value = wire::Message().text(1, "value").message(5, wire::floats("", {}, {0.5F})).number(20, 4);
  const Graph graph =
      parse(wire::model({.nodes = {{.op = "Constant", .inputs = {}, .outputs = {"half"}, .attributes = {value}},
                                   {.op = "Mul", .inputs = {"x", "half"}, .outputs = {"y"}}}}))
          .graph;
  EXPECT_TRUE(graph.parameters.empty());
  EXPECT_EQ(ops(graph), (Ops{"Constant", "Mul"}));
}

TEST(OnnxImport, NamesNumberedParametersAfterTheirModules) {
  const Graph graph = parse(wire::model({.nodes = {{.op = "Gemm",
                                                    .inputs = {"x", "onnx::Gemm_7", "onnx::Gemm_8"},
                                                    .outputs = {"y"},
                                                    .attributes = {},
                                                    .name = "/layer1/layer1.0/fc/Gemm"}},
                                         .initializers = {wire::floats("onnx::Gemm_7", {4, 4}, std::vector<float>(16)),
                                                          wire::floats("onnx::Gemm_8", {4}, std::vector<float>(4))}}))
                          .graph;
  EXPECT_TRUE(graph.parameters.contains("layer1.0.fc.weight"));
  EXPECT_TRUE(graph.parameters.contains("layer1.0.fc.bias"));
}

TEST(OnnxImport, PutsNodesIntoOrder) {
  const Graph graph = parse(wire::model({.nodes = {{.op = "Relu", .inputs = {"h"}, .outputs = {"y"}},
                                                   {.op = "Tanh", .inputs = {"x"}, .outputs = {"h"}}}}))
                          .graph;
  EXPECT_EQ(ops(graph), (Ops{"Tanh", "Relu"}));
}

TEST(OnnxImport, LeavesOutIdentityAndDropout) {
  const Graph graph = parse(wire::model({.nodes = {{.op = "Identity", .inputs = {"x"}, .outputs = {"a"}},
                                                   {.op = "Dropout", .inputs = {"a"}, .outputs = {"b", "mask"}},
                                                   {.op = "Relu", .inputs = {"b"}, .outputs = {"y"}}}},
                                        12))
                          .graph;
  EXPECT_EQ(ops(graph), Ops{"Relu"});
  EXPECT_EQ(graph.nodes[0].inputs[0], "x");
}

TEST(OnnxImport, DoesTheArithmeticOnShapes) {
  const Graph graph =
      parse(
          wire::model(
              {.nodes = {{.op = "Shape", .inputs = {"x"}, .outputs = {"s"}},
                         {.op = "Gather", .inputs = {"s", "zero"}, .outputs = {"n"}},
                         {.op = "Concat",
                          .inputs = {"n", "four"},
                          .outputs = {"t"},
                          .attributes = {wire::int_attribute("axis", 0)}},
                         {.op = "Reshape", .inputs = {"x", "t"}, .outputs = {"y"}}},
               .initializers =
                   {wire::Message().number(1, 1).number(2, wire::kInt64).text(8, "zero").text(9, std::string(8, '\0')),
                    wire::Message().number(1, 1).number(2, wire::kInt64).number(7, 4).text(8, "four")}}))
          .graph;
  EXPECT_EQ(ops(graph), (Ops{"Constant", "Reshape"}));
  const auto shape = constant_of(graph, node_of(graph, "Reshape").inputs[1]).as<std::int64_t>();
  EXPECT_EQ(std::vector<std::int64_t>(shape.begin(), shape.end()), (std::vector<std::int64_t>{0, 4}));
}

TEST(OnnxImport, ReadsHalfPrecisionFromNumbers) {
  const wire::Message tensor = wire::Message()
                                   .number(1, 4)
                                   .number(2, wire::kFloat16)
                                   .text(5, std::string("\x80\x78\x80\x78\x80\x78\x80\x78", 8))
                                   .text(8, "w");
  const Graph graph = parse(wire::model({.nodes = {{.op = "PRelu", .inputs = {"x", "w"}, .outputs = {"y"}}},
                                         .initializers = {tensor},
                                         .inputs = {wire::value("x", {-1, 4}, wire::kFloat16)}}))
                          .graph;
  EXPECT_EQ(to_float(graph.parameters.at("w").as<Half>()[3]), 1.0F);
}

TEST(OnnxImport, WritesFunctionsOut) {
  const wire::Message inner = wire::node({.op = "Relu", .inputs = {"a"}, .outputs = {"t"}});
  const wire::Message outer = wire::node({.op = "Tanh", .inputs = {"t"}, .outputs = {"b"}});
  const wire::Message function =
      wire::Message().text(1, "twice").text(4, "a").text(5, "b").message(7, inner).message(7, outer).text(10, "mine");
  wire::Message model = wire::model(
      {.nodes = {
           {.op = "twice", .inputs = {"x"}, .outputs = {"h"}, .attributes = {}, .name = "one", .domain = "mine"},
           {.op = "twice", .inputs = {"h"}, .outputs = {"y"}, .attributes = {}, .name = "two", .domain = "mine"}}});
  model.message(25, function);
  EXPECT_EQ(ops(parse(model).graph), (Ops{"Relu", "Tanh", "Relu", "Tanh"}));
}

TEST(OnnxImport, ReadsALongChain) {
  wire::GraphText text{.nodes = {}};
  std::string last = "x";
  for (int i = 0; i < 5000; ++i) {
    const std::string next = i == 4999 ? "y" : fmt::format("v{}", i);
    text.nodes.push_back({.op = "Relu", .inputs = {last}, .outputs = {next}});
    last = next;
  }
  EXPECT_EQ(parse(wire::model(text)).graph.nodes.size(), 5000U);
}

}  // namespace
}  // namespace enxerto
