#include "enxerto/pretrained/load_from_path.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "enxerto/base/error.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/cut.h"
#include "enxerto/onnx/export.h"
#include "enxerto/weights/safetensors.h"
#include "tests/media/image_record.h"
#include "tests/pretrained/temporary_directory.h"
#include "tests/pretrained/zeros.h"

namespace enxerto {
namespace {

using testing::image_of;

using testing::Environment;
using testing::TemporaryDirectory;
using testing::zero_weights;
using testing::zeros;

constexpr int kSize = 8;

/// A saved model of one convolution and a linear head for two classes.
Bundle small_model(bool flattened = false) {
  GraphBuilder builder("small");
  std::string x = builder.input("input", {"batch", 3, kSize, kSize});
  builder.stage("stem");
  x = builder.conv(x, {.name = "conv", .out = 4, .kernel = 3, .padding = Padding::centered});
  builder.stage("head");
  x = flattened ? builder.add("Flatten", "flat", {x}) : builder.global_average_pool(x, "pool");
  x = builder.linear(x, "fc", 2);
  x = builder.add("Softmax", "softmax", {x}, {{"axis", std::int64_t{1}}});
  builder.output(x, "probabilities");
  const Blueprint blueprint = std::move(builder).finish();
  StateDict weights;
  for (const ParameterSpec& spec : blueprint.parameters) weights.set(spec.name, zeros(spec.shape));
  Bundle bundle;
  bundle.graph = blueprint.fill(weights);
  bundle.recipe = "[backbone]\nname = \"small\"\n";
  bundle.preprocessor = image_preprocessor({.size = kSize});
  bundle.labels = {"cat", "dog"};
  bundle.history = {{"licence", "MIT"}};
  bundle.golden.set("input/input", zeros({1, 3, kSize, kSize}));
  bundle.golden.set("output/probabilities", Tensor::of<float>({1, 2}, {0.5F, 0.5F}));
  return bundle;
}

ErrorKind kind_of_refusal(const std::string& name, const LoadOptions& options) {
  try {
    load_backbone(name, options);
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::interrupted;
}

TEST(LoadFromPlace, TakesAWeightFileForTheArchitectureThatItsTensorsFit) {
  const TemporaryDirectory directory;
  const std::string file = (directory / "mine.safetensors").string();
  write_safetensors(file, zero_weights("mobilenet_v3_small", 3));
  const Backbone backbone = load_backbone(file);
  EXPECT_EQ(backbone.graph.name, "mobilenet_v3_small");
  EXPECT_EQ(backbone.spec.outputs, 3);
  EXPECT_EQ(backbone.weights_file, file);
}

TEST(LoadFromPlace, SaysThatAFileFitsNoArchitecture) {
  const TemporaryDirectory directory;
  StateDict weights = zero_weights("mobilenet_v3_small", 3);
  weights.set("one_more", zeros({2}));
  write_safetensors(directory / "odd.safetensors", weights);
  EXPECT_EQ(kind_of_refusal((directory / "odd.safetensors").string(), {}), ErrorKind::weights);
}

TEST(LoadFromPlace, TakesASavedModelUpToItsLogits) {
  const TemporaryDirectory directory;
  write_bundle(small_model(), directory / "model", false);
  const Backbone backbone = load_backbone((directory / "model").string());
  EXPECT_EQ(backbone.graph.outputs.at(0).name, "logits");
  EXPECT_EQ(to_string(backbone.graph.outputs.at(0).shape), "(batch, 2)");
  EXPECT_EQ(backbone.graph.nodes.back().op, "Gemm");
  EXPECT_EQ(to_string(cut(backbone.graph, "head").prefix.outputs.at(0).shape), "(batch, 4, 8, 8)");
  EXPECT_EQ(backbone.spec.labels, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(backbone.spec.name, "model");
  EXPECT_EQ(backbone.spec.licence, "MIT");
  EXPECT_EQ(backbone.sha256.size(), 64U);
}

TEST(LoadFromPlace, TakesASavedModelOfSeveralLabelsOrOfValuesAsWell) {
  const TemporaryDirectory directory;
  Bundle labels = small_model(), values = small_model();
  labels.task = "image_multi_label";
  labels.graph.nodes.back().op = "Sigmoid";
  labels.graph.nodes.back().attributes.clear();
  values.task = "image_regression";
  values.graph.nodes.pop_back();
  values.graph.nodes.back().outputs = {"probabilities"};
  for (const Bundle& bundle : {labels, values}) {
    write_bundle(bundle, directory.path() / bundle.task, false);
    const Backbone backbone = load_backbone((directory.path() / bundle.task).string());
    EXPECT_EQ(backbone.graph.outputs.at(0).name, "logits");
    EXPECT_EQ(backbone.graph.nodes.back().op, "Gemm");
    EXPECT_EQ(backbone.graph.nodes.back().outputs, std::vector<std::string>{"logits"});
    EXPECT_EQ(to_string(cut(backbone.graph, "head").prefix.outputs.at(0).shape), "(batch, 4, 8, 8)");
    EXPECT_EQ(backbone.spec.outputs, 2);
  }
}

TEST(LoadFromPlace, TakesASavedModelAtAnotherSizeWhereItsLayersDo) {
  const TemporaryDirectory directory;
  write_bundle(small_model(), directory / "pooled", false);
  write_bundle(small_model(true), directory / "flattened", false);
  const Backbone larger = load_backbone((directory / "pooled").string(), {.weights = "", .size = 12});
  EXPECT_EQ(to_string(larger.graph.inputs.at(0).shape), "(batch, 3, 12, 12)");
  EXPECT_EQ(image_of(larger.spec.preprocessor).size, 12);
  EXPECT_EQ(kind_of_refusal((directory / "flattened").string(), {.weights = "", .size = 12}), ErrorKind::usage);
}

/// What timm's `save_for_hf` leaves of a ResNet-18 with two classes.
void write_timm_folder(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  write_safetensors(folder / "model.safetensors", zero_weights("resnet18", 2));
  std::ofstream(folder / "config.json")
      << R"({"architecture": "resnet18", "num_classes": 2, "label_names": ["cat", "dog"], "pretrained_cfg": {"input_size": [3, 160, 160],)"
      << R"( "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25], "interpolation": "bilinear", "crop_pct": 0.9}})";
}

TEST(LoadFromPlace, TakesAFolderOfTheHubWithTheSizeLabelsAndPicturesThatItStates) {
  const TemporaryDirectory directory;
  write_timm_folder(directory / "mine");
  const Backbone backbone = load_backbone((directory / "mine").string());
  EXPECT_EQ(backbone.graph.name, "resnet18");
  EXPECT_EQ(image_of(backbone.spec.preprocessor).size, 160);
  EXPECT_EQ(image_of(backbone.spec.preprocessor).deviation[0], 0.25F);
  EXPECT_EQ(backbone.spec.labels, (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(image_of(load_backbone((directory / "mine").string(), {.weights = "", .size = 64}).spec.preprocessor).size,
            64);
}

TEST(LoadFromPlace, TakesAModelOfTheHubThatIsInACacheAndFetchesNoneUnasked) {
  const TemporaryDirectory directory;
  const Environment cache("HF_HUB_CACHE", directory.path().string());
  const std::string commit(40, 'a');
  const std::filesystem::path model = directory / "models--org--net";
  write_timm_folder(model / "snapshots" / commit);
  std::filesystem::create_directories(model / "refs");
  std::ofstream(model / "refs" / "main") << commit;
  EXPECT_EQ(load_backbone("org/net").spec.name, "org/net");
  try {
    load_backbone("org/other");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::weights);
    EXPECT_EQ(error.text().tip, "enxerto models pull org/other");
  }
}

TEST(LoadFromPlace, TakesAnOnnxFile) {
  const TemporaryDirectory directory;
  write_onnx(small_model().graph, directory / "small.onnx");
  const Backbone backbone = load_backbone((directory / "small.onnx").string());
  EXPECT_EQ(backbone.graph.outputs.at(0).name, "logits");
  EXPECT_EQ(to_string(backbone.graph.outputs.at(0).shape), "(batch, 2)");
  EXPECT_EQ(image_of(backbone.spec.preprocessor).size, kSize);
}

TEST(LoadFromPlace, TellsAMissingFileFromAWrongName) {
  const TemporaryDirectory directory;
  EXPECT_EQ(kind_of_refusal((directory / "none.onnx").string(), {}), ErrorKind::weights);
  EXPECT_EQ(kind_of_refusal(directory.path().string(), {}), ErrorKind::weights);
  EXPECT_EQ(kind_of_refusal("resnet5O", {}), ErrorKind::usage);
}

TEST(LoadFromPlace, RefusesOtherWeightsForWhatBringsItsOwn) {
  const TemporaryDirectory directory;
  write_bundle(small_model(), directory / "model", false);
  EXPECT_EQ(kind_of_refusal((directory / "model").string(), {.weights = "x.pth", .size = 0}), ErrorKind::usage);
}

TEST(LoadFromPlace, NeverTakesAFileInsteadOfANetworkOfThatName) {
  const TemporaryDirectory directory;
  write_bundle(small_model(), directory / "resnet50", false);
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(directory.path());
  EXPECT_FALSE(load_from_path("resnet50", {}).has_value());
  EXPECT_TRUE(load_from_path("./resnet50", {}).has_value());
  std::filesystem::current_path(before);
}

}  // namespace
}  // namespace enxerto
