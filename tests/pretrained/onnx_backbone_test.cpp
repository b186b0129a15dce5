#include "enxerto/pretrained/onnx_backbone.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>

#include "enxerto/base/error.h"
#include "enxerto/graph/attributes.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/cut.h"
#include "enxerto/graph/infer.h"
#include "enxerto/onnx/export.h"
#include "enxerto/pretrained/onnx/picture_input.h"
#include "tests/graph/small_network.h"
#include "tests/media/image_record.h"
#include "tests/pretrained/temporary_directory.h"

namespace enxerto {
namespace {

using testing::image_of;

using Stages = std::vector<std::string>;

/// Two convolutions, pooling, a dense layer; without stages, as a file of another exporter is.
Blueprint classifier(const SymbolicShape& shape) {
  GraphBuilder net("net");
  std::string x = net.input("image", shape);
  for (const char* name : {"a", "b", "c", "d"})
    x = net.relu(
        net.conv(x, {.name = name, .out = 4, .kernel = 3, .stride = 2, .padding = Padding::centered, .bias = true}),
        std::string(name) + ".relu");
  x = net.linear(net.global_average_pool(x, "pool"), "fc", 5);
  net.output(x, "scores");
  return std::move(net).finish();
}

class OnnxBackboneTest : public ::testing::Test {
 protected:
  Backbone load(const Graph& graph, int size = 0, std::map<std::string, std::string> metadata = {}) {
    write_onnx(graph, file(), {.external = false, .metadata = std::move(metadata)});
    return onnx_backbone(file(), {.weights = {}, .size = size});
  }
  static Graph filled(const Blueprint& blueprint) { return blueprint.fill(ramp_weights(blueprint)); }
  std::filesystem::path file() const { return folder_.path() / "net.onnx"; }

  testing::TemporaryDirectory folder_;
};

TEST_F(OnnxBackboneTest, NamesWhatGoesInAndOutAndFindsTheHead) {
  const Backbone backbone = load(filled(classifier({"n", 3, 32, 32})));
  EXPECT_EQ(backbone.graph.inputs[0].name, "input");
  EXPECT_EQ(backbone.graph.inputs[0].shape, (SymbolicShape{"batch", 3, 32, 32}));
  EXPECT_EQ(backbone.graph.outputs[0].name, "logits");
  EXPECT_EQ(backbone.spec.outputs, 5);
  EXPECT_EQ(image_of(backbone.spec.preprocessor).size, 32);
  EXPECT_EQ(backbone.spec.name, "net");
  EXPECT_EQ(backbone.sha256.size(), 64U);
  EXPECT_EQ(backbone.graph.stages().back(), "head");
  EXPECT_EQ(cut_at_frontier(backbone.graph, "head").prefix.outputs[0].shape, (SymbolicShape{"batch", 4}));
}

TEST_F(OnnxBackboneTest, CutsWhereMapsGetSmallerWithoutNames) {
  const Backbone backbone = load(filled(classifier({"n", 3, 32, 32})));
  EXPECT_EQ(backbone.graph.stages(), (Stages{"stage0", "stage1", "stage2", "stage3", "head"}));
  for (const char* stage : {"stage1", "stage2", "stage3", "head"})
    EXPECT_EQ(cut(backbone.graph, stage).prefix.outputs.size(), 1U);
}

TEST_F(OnnxBackboneTest, FreesANetworkForOneExample) {
  const Backbone backbone = load(filled(classifier({1, 3, 32, 32})));
  EXPECT_EQ(backbone.graph.outputs[0].shape, (SymbolicShape{"batch", 5}));
}

TEST_F(OnnxBackboneTest, FreesANetworkThatSaysAnyNumberAndMeansOne) {
  for (const std::vector<std::int64_t>& target : {std::vector<std::int64_t>{1, 4}, std::vector<std::int64_t>{1, -1}}) {
    Graph graph = filled(classifier({"n", 3, 32, 32}));
    const auto flat = std::ranges::find(graph.nodes, "Flatten", &Node::op);
    ASSERT_NE(flat, graph.nodes.end());
    flat->op = "Reshape";
    flat->attributes.clear();
    flat->inputs.emplace_back("target");
    graph.nodes.insert(graph.nodes.begin(),
                       {"target", "Constant", "", {}, {"target"}, {{"value", Tensor::of<std::int64_t>({2}, target)}}});
    EXPECT_EQ(load(graph).graph.outputs[0].shape, (SymbolicShape{"batch", 5}));
  }
}

/// The network with one operation by a number before all others.
Graph beginning_with(Graph graph, const std::string& op, float number) {
  for (Node& node : graph.nodes) std::ranges::replace(node.inputs, "image", "scaled");
  graph.parameters.set("number", Tensor::of<float>({}, {number}));
  graph.nodes.insert(graph.nodes.begin(), {"scaled", op, "", {"image", "number"}, {"scaled"}, {}});
  return graph;
}

TEST_F(OnnxBackboneTest, GivesPixelsAsTheFileNormalisesThemItself) {
  const Graph graph = filled(classifier({"n", 3, 32, 32}));
  const Backbone plain = load(graph), bytes = load(beginning_with(graph, "Div", 255)),
                 units = load(beginning_with(graph, "Sub", 0.5F)), unclear = load(beginning_with(graph, "Mul", 0.5F));
  EXPECT_EQ(image_of(plain.spec.preprocessor).mean[0], 0.485F);
  EXPECT_EQ(image_of(bytes.spec.preprocessor).divisor, 1);
  EXPECT_EQ(image_of(bytes.spec.preprocessor).mean[0], 0);
  EXPECT_EQ(image_of(units.spec.preprocessor).divisor, 255);
  EXPECT_EQ(image_of(units.spec.preprocessor).deviation[2], 1);
  EXPECT_EQ(bytes.notes.at(0), "the file normalises its input itself, x / 255: it is given pixels of 0 to 255");
  EXPECT_EQ(image_of(unclear.spec.preprocessor).mean[0], 0.485F);
  EXPECT_EQ(unclear.notes.size(), 2U);
}

TEST_F(OnnxBackboneTest, RefusesWeightsThatAreNotFinite) {
  Graph graph = filled(classifier({"n", 3, 32, 32}));
  graph.parameters.set("fc.bias", Tensor::of<float>({5}, {1, 2, 3, 4, std::numeric_limits<float>::infinity()}));
  try {
    load(graph);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_EQ(error.text().found, "tensor fc.bias holds a number that is not finite");
  }
}

TEST_F(OnnxBackboneTest, TakesTheSoftmaxOff) {
  Graph graph = filled(classifier({"n", 3, 32, 32}));
  graph.nodes.push_back({"p", "Softmax", "", {"scores"}, {"p"}, {{"axis", std::int64_t{-1}}}});
  graph.outputs[0].name = "p";
  const Backbone backbone = load(graph);
  EXPECT_EQ(backbone.graph.nodes.back().op, "Gemm");
  EXPECT_EQ(backbone.spec.outputs, 5);
  EXPECT_NE(backbone.notes.back().find("Softmax"), std::string::npos);
}

TEST_F(OnnxBackboneTest, TurnsChannelsLastAndDropsTheTransposeBehindIt) {
  Graph graph = filled(classifier({"n", 3, 32, 32}));
  graph.inputs[0].shape = {"n", 32, 32, 3};
  for (Node& node : graph.nodes)
    for (std::string& input : node.inputs)
      if (input == "image") input = "turned";
  graph.nodes.insert(
      graph.nodes.begin(),
      {"turn", "Transpose", "", {"image"}, {"turned"}, {{"perm", std::vector<std::int64_t>{0, 3, 1, 2}}}});
  const Backbone backbone = load(graph);
  EXPECT_EQ(backbone.graph.inputs[0].shape, (SymbolicShape{"batch", 3, 32, 32}));
  for (const Node& node : backbone.graph.nodes) EXPECT_NE(node.op, "Transpose");
}

TEST_F(OnnxBackboneTest, GivesFeaturesWhereThereIsNoClassifier) {
  Graph graph = filled(classifier({"n", 3, 32, 32}));
  graph.nodes.pop_back();
  graph.parameters.erase("fc.weight");
  graph.parameters.erase("fc.bias");
  graph.outputs[0] = {"pool.flatten", DType::f32, {"n", 4}};
  const Backbone backbone = load(graph);
  EXPECT_EQ(backbone.spec.outputs, 0);
  EXPECT_EQ(backbone.graph.outputs[0].name, "features");
  EXPECT_EQ(backbone.graph.stages().back(), "head");
}

/// VGG's and MobileNetV3's: the head of the same network as a weight file is all of them too.
TEST_F(OnnxBackboneTest, ReplacesAllDenseLayersBehindAMap) {
  for (const bool averages : {true, false}) {
    GraphBuilder net("net");
    std::string x = net.input("image", {"n", 3, 32, 32});
    for (const char* name : {"a", "b"})
      x = net.relu(
          net.conv(x, {.name = name, .out = 4, .kernel = 3, .stride = 2, .padding = Padding::centered, .bias = true}),
          std::string(name) + ".relu");
    x = averages ? net.global_average_pool(x, "pool") : net.add("Flatten", "flat", {x}, {{"axis", std::int64_t{1}}});
    x = net.add("HardSwish", "act", {net.linear(x, "fc0", 6)});
    x = net.relu(net.linear(x, "fc1", 6), "fc1.relu");
    net.output(net.linear(x, "fc2", 5), "scores");
    const Graph entering = cut(load(filled(std::move(net).finish())).graph, "head").prefix;
    EXPECT_EQ(entering.outputs[0].shape, (SymbolicShape{"batch", 4, 8, 8})) << averages;
  }
}

/// Mish as Softplus and Tanh, and a squared ReLU as Pow: exporters write activations with what their opset has.
TEST_F(OnnxBackboneTest, ReplacesDenseLayersWhateverTheirActivationsAreWrittenWith) {
  GraphBuilder net("net");
  std::string x = net.input("image", {"n", 3, 32, 32});
  x = net.relu(
      net.conv(x, {.name = "a", .out = 4, .kernel = 3, .stride = 2, .padding = Padding::centered, .bias = true}),
      "a.relu");
  x = net.linear(net.global_average_pool(x, "pool"), "fc0", 6);
  x = net.add("Mul", "mish", {x, net.add("Tanh", "tanh", {net.add("Softplus", "plus", {x})})});
  x = net.relu(net.linear(x, "fc1", 6), "fc1.relu");
  x = net.add("Pow", "squared", {x, net.constant(Tensor::scalar(2.0F))});
  net.output(net.linear(x, "fc2", 5), "scores");
  const Graph entering = cut(load(filled(std::move(net).finish())).graph, "head").prefix;
  EXPECT_EQ(entering.outputs[0].shape, (SymbolicShape{"batch", 4, 16, 16}));
}

TEST_F(OnnxBackboneTest, AveragesAMapOverAllButItsChannelsWhereverTheyAre) {
  Graph graph = filled(classifier({"n", 3, 64, 64}));
  std::erase_if(graph.nodes, [](const Node& node) { return node.name.starts_with("pool") || node.name == "fc"; });
  graph.parameters.erase("fc.weight");
  graph.parameters.erase("fc.bias");
  graph.nodes.push_back(
      {"last", "Transpose", "", {"d.relu"}, {"last"}, {{"perm", std::vector<std::int64_t>{0, 2, 3, 1}}}});
  graph.outputs[0] = {"last", DType::f32, {"n", 4, 4, 4}};
  const Graph entering = cut(load(graph).graph, "head").prefix;
  EXPECT_EQ(entering.nodes.back().op, "Transpose");
  EXPECT_EQ(std::get<std::vector<std::int64_t>>(entering.nodes.back().attributes.at("perm")),
            (std::vector<std::int64_t>{0, 3, 1, 2}));
}

TEST_F(OnnxBackboneTest, TakesASizeWhereTheFileLeavesItOpen) {
  const Graph graph = filled(classifier({"n", 3, "h", "w"}));
  EXPECT_EQ(load(graph, 48).graph.inputs[0].shape, (SymbolicShape{"batch", 3, 48, 48}));
  const Backbone usual = load(graph);
  EXPECT_EQ(image_of(usual.spec.preprocessor).size, 224);
  EXPECT_NE(usual.notes.front().find("224"), std::string::npos);
}

TEST_F(OnnxBackboneTest, ReadsPreprocessingAndLabelsOfItsOwnExport) {
  ImagePreprocess preprocess;
  preprocess.mean = {0.5F, 0.5F, 0.5F};
  const Backbone backbone =
      load(filled(classifier({"n", 3, 32, 32})), 0,
           {{"enxerto.preprocess", to_json(preprocess).dump()}, {"enxerto.labels", R"(["a","b","c","d","e"])"}});
  EXPECT_EQ(image_of(backbone.spec.preprocessor).mean, preprocess.mean);
  EXPECT_EQ(image_of(backbone.spec.preprocessor).size, 32);
  EXPECT_EQ(backbone.spec.labels.size(), 5U);
}

TEST_F(OnnxBackboneTest, KeepsTheStagesOfItsOwnExport) {
  const Blueprint blueprint = small_blueprint();
  EXPECT_EQ(load(filled(blueprint)).graph.stages(), blueprint.graph.stages());
}

TEST_F(OnnxBackboneTest, TakesHalfPrecisionAsFloat32) {
  Graph graph = filled(classifier({"n", 3, 32, 32}));
  StateDict halves;
  for (const auto& [name, tensor] : graph.parameters) {
    std::vector<Half> values;
    for (const float value : tensor.as<float>()) values.push_back(to_half(value));
    halves.set(name, Tensor::of<Half>(tensor.shape(), values));
  }
  graph.parameters = halves;
  graph.inputs[0].dtype = graph.outputs[0].dtype = DType::f16;
  const Backbone backbone = load(graph);
  EXPECT_EQ(backbone.graph.inputs[0].dtype, DType::f32);
  for (const auto& [_, tensor] : backbone.graph.parameters) EXPECT_EQ(tensor.dtype(), DType::f32);
}

TEST_F(OnnxBackboneTest, RefusesWhatTakesNoPictureOrGivesNoRow) {
  GraphBuilder text("text");
  const std::string x = text.input("tokens", {"n", 64});
  text.output(text.linear(x, "fc", 5), "y");
  EXPECT_THROW(load(filled(std::move(text).finish())), Error);
  GraphBuilder rows("rows");
  const std::string picture = rows.input("image", {"n", 3, 8, 8});
  rows.output(rows.add("Reshape", "flat", {picture, rows.constant(Tensor::of<std::int64_t>({3}, {0, 3, 64}))}), "y");
  EXPECT_THROW(load(filled(std::move(rows).finish())), Error);
}

TEST_F(OnnxBackboneTest, SaysWhichFileIsNone) {
  std::ofstream(file()) << "no model";
  try {
    onnx_backbone(file(), {});
    FAIL() << "loaded";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_TRUE(error.text().where.starts_with(file().string()));
  }
}

}  // namespace
}  // namespace enxerto
