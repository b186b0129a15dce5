#include "enxerto/pretrained/load_backbone.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/pretrained/find_weights.h"
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

Error refused_load(std::string_view name, const LoadOptions& options) {
  try {
    load_backbone(name, options);
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::interrupted, {.where = "no error", .found = "", .expected = "", .tip = ""}};
}

TEST(LoadBackbone, LoadsThePublishedWeightsByName) {
  const Backbone backbone = load_backbone("efficientnet_lite0");
  EXPECT_EQ(backbone.spec.source, "tensorflow");
  EXPECT_EQ(backbone.spec.outputs, 1000);
  EXPECT_EQ(backbone.spec.labels.size(), 1000U);
  EXPECT_EQ(backbone.sha256, backbone.spec.sha256);
  EXPECT_TRUE(backbone.weights_file.ends_with("efficientnet-lite0-57934424.pth"));
  EXPECT_EQ(backbone.graph.inputs.at(0).shape, (SymbolicShape{"batch", 3, 224, 224}));
  EXPECT_EQ(backbone.graph.outputs.at(0).shape, (SymbolicShape{"batch", 1000}));
}

TEST(LoadBackbone, BuildsItAtTheSizeThatIsAskedFor) {
  const Backbone backbone = load_backbone("efficientnet_lite0", {.weights = "", .size = 96});
  EXPECT_EQ(image_of(backbone.spec.preprocessor).size, 96);
  EXPECT_EQ(backbone.graph.inputs.at(0).shape, (SymbolicShape{"batch", 3, 96, 96}));
  EXPECT_EQ(refused_load("efficientnet_lite0", {.weights = "", .size = 3}).kind(), ErrorKind::usage);
}

TEST(LoadBackbone, KnowsPublishedWeightsUnderAnyNameByTheirDigest) {
  const TemporaryDirectory directory;
  std::filesystem::create_symlink(load_backbone("efficientnet_lite0").weights_file, directory / "renamed.bin");
  const Backbone backbone = load_backbone("efficientnet_lite0", {.weights = (directory / "renamed.bin").string()});
  EXPECT_EQ(backbone.spec.source, "tensorflow");
  EXPECT_EQ(backbone.spec.licence, "Apache-2.0");
}

TEST(LoadBackbone, TakesAFileOfTheUsersWithThePreprocessingThatItsNamesImply) {
  const TemporaryDirectory directory;
  const std::filesystem::path file = directory / "mine.safetensors";
  write_safetensors(file, zero_weights("efficientnet_lite3", 4));
  const Backbone backbone = load_backbone("efficientnet_lite3", {.weights = file.string()});
  EXPECT_EQ(backbone.spec.source, "own");
  EXPECT_EQ(backbone.spec.naming, "timm");
  EXPECT_EQ(backbone.spec.outputs, 4);
  EXPECT_TRUE(backbone.spec.labels.empty());
  EXPECT_EQ(backbone.spec.licence, "");
  EXPECT_EQ(image_of(backbone.spec.preprocessor).size, 300);
  EXPECT_EQ(image_of(backbone.spec.preprocessor).mean[0], 0.5F);
  EXPECT_EQ(backbone.sha256.size(), 64U);
  EXPECT_EQ(backbone.graph.inputs.at(0).shape, (SymbolicShape{"batch", 3, 300, 300}));
}

TEST(LoadBackbone, TakesTheSizeOfAVisionTransformerFromItsGridOfPositions) {
  const TemporaryDirectory directory;
  const std::string file = (directory / "small.safetensors").string();
  StateDict weights = zero_weights("vit_s16", 3);
  weights.set("pos_embed", zeros({1, 37, 384}));
  write_safetensors(file, weights);
  const Backbone own = load_backbone(file), asked = load_backbone(file, {.size = 64});
  EXPECT_EQ(image_of(own.spec.preprocessor).size, 96);
  EXPECT_EQ(own.notes.at(0), "its position embeddings are for pictures of 96 px");
  EXPECT_EQ(image_of(asked.spec.preprocessor).size, 64);
  EXPECT_EQ(asked.notes.size(), 1U);
}

TEST(LoadBackbone, TakesAFileForANetworkOfWhichNoWeightsArePublished) {
  const TemporaryDirectory directory;
  const std::filesystem::path file = directory / "mine.safetensors";
  write_safetensors(file, zero_weights("mobilenet_v2_035", 4));
  const Backbone backbone = load_backbone("mobilenet_v2_035", {.weights = file.string(), .size = 64});
  EXPECT_EQ(backbone.spec.source, "own");
  EXPECT_EQ(backbone.spec.naming, "torchvision");
  EXPECT_EQ(image_of(backbone.spec.preprocessor).mean[0], 0.485F);
}

/// A ViT-S/16 as transformers saves it.
StateDict transformers_vit() {
  const std::array<std::pair<std::string_view, std::string_view>, 8> names{
      {{"patch_embed.proj", "patch_embeddings.projection"},
       {"pos_embed", "position_embeddings"},
       {"blocks.", "encoder.layer."},
       {"norm1", "layernorm_before"},
       {"norm2", "layernorm_after"},
       {"attn.proj", "attention.output.dense"},
       {"mlp.fc1", "intermediate.dense"},
       {"mlp.fc2", "output.dense"}}};
  StateDict weights;
  for (const auto& [name, tensor] : zero_weights("vit_s16", 3)) {
    std::string theirs = name;
    for (const auto& [from, to] : names)
      if (const std::size_t at = theirs.find(from); at != std::string::npos) theirs.replace(at, from.size(), to);
    if (theirs.starts_with("patch_") || theirs.starts_with("pos") || theirs.starts_with("cls"))
      theirs.insert(0, "embeddings.");
    if (theirs.starts_with("norm.")) theirs.insert(0, "layer");
    if (theirs.starts_with("head.")) theirs.replace(0, 4, "classifier");
    const bool on_top = theirs.starts_with("classifier");
    const std::size_t joined = theirs.find("attn.qkv");
    if (joined == std::string::npos) {
      weights.set(on_top ? theirs : "vit." + theirs, tensor);
      continue;
    }
    Shape third = tensor.shape();
    third[0] /= 3;
    for (const char* part : {"query", "key", "value"})
      weights.set("vit." + std::string(theirs).replace(joined, 8, fmt::format("attention.attention.{}", part)),
                  zeros(third));
  }
  return weights;
}

TEST(LoadBackbone, TakesWhatASourcePublishesOfOneNetworkForAnotherOfItsKind) {
  const TemporaryDirectory directory;
  const std::string file = (directory / "small.safetensors").string();
  write_safetensors(file, transformers_vit());
  const Backbone backbone = load_backbone("vit_s16", {.weights = file});
  EXPECT_EQ(backbone.spec.naming, "transformers_vit");
  EXPECT_EQ(image_of(backbone.spec.preprocessor).fit, ImagePreprocess::Fit::squash);
  EXPECT_EQ(image_of(backbone.spec.preprocessor).mean[0], 0.5F);
  EXPECT_EQ(image_of(backbone.spec.preprocessor).size, 224);
}

/// A row of the zoo that no publisher has weights for.
std::string unpublished() {
  for (const Architecture& row : architectures())
    if (pretrained_named(row.name).front().source == "own") return std::string(row.name);
  return "";
}

TEST(LoadBackbone, AsksForAFileWhereNoWeightsArePublished) {
  const std::string name = unpublished();
  ASSERT_NE(name, "");
  for (const char* weights : {"", "own"})
    EXPECT_EQ(refused_load(name, {.weights = weights, .size = 0}).kind(), ErrorKind::weights) << weights;
  EXPECT_EQ(refused_load(name, {}).text().tip, "backbone.weights = FILE");
}

TEST(LoadBackbone, GivesInceptionPicturesAsItWantsThem) {
  const TemporaryDirectory directory;
  const std::filesystem::path file = directory / "mine.safetensors";
  StateDict weights = zero_weights("inception_v3", 2);
  weights.set("AuxLogits.fc.weight", zeros({2, 768}));
  write_safetensors(file, weights);
  const Backbone backbone = load_backbone("inception_v3", {.weights = file.string(), .size = 75});
  EXPECT_EQ(image_of(backbone.spec.preprocessor).mean[2], 0.5F);
  EXPECT_EQ(image_of(backbone.spec.preprocessor).deviation[2], 0.5F);
  EXPECT_FALSE(backbone.graph.parameters.contains("AuxLogits.fc.weight"));
}

TEST(LoadBackbone, RefusesPublishedWeightsThatWereChanged) {
  const TemporaryDirectory directory;
  const std::filesystem::path file = directory / "efficientnet-lite0-57934424.pth";
  std::filesystem::copy_file(load_backbone("efficientnet_lite0").weights_file, file);
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(1'000'000).put('!');
  const Environment environment("ENXERTO_WEIGHTS", directory.path().string());
  const Error error = refused_load("efficientnet_lite0", {});
  EXPECT_EQ(error.kind(), ErrorKind::weights);
  EXPECT_EQ(error.text().where, file.string());
  EXPECT_NE(error.text().expected.find("579344248a93"), std::string::npos) << error.what();
}

TEST(LoadBackbone, SaysWhereItLookedAndWhereToGetThem) {
  const TemporaryDirectory directory;
  const Environment chosen("ENXERTO_WEIGHTS", (directory / "a").string() + ":" + (directory / "b").string());
  const Environment cache("XDG_CACHE_HOME", (directory / "c").string());
  const Error error = refused_load("resnet18", {});
  EXPECT_EQ(error.kind(), ErrorKind::weights);
  for (const char* place : {"/a, ", "/b, ", "/c/enxerto/weights"})
    EXPECT_NE(error.text().found.find(place), std::string::npos) << place << " in " << error.what();
  EXPECT_NE(error.text().expected.find("resnet18-f37072fd.pth"), std::string::npos) << error.what();
  EXPECT_NE(error.text().tip.find("https://download.pytorch.org/models/resnet18-f37072fd.pth"), std::string::npos);
}

TEST(LoadBackbone, LooksOnlyForTheSourceThatIsNamed) {
  const TemporaryDirectory directory;
  const Environment cache("XDG_CACHE_HOME", directory.path().string());
  const Error error = refused_load("efficientnet_lite0", {.weights = "timm"});
  EXPECT_NE(error.text().expected.find("tf_efficientnet_lite0-0aa007d2.pth"), std::string::npos) << error.what();
  EXPECT_EQ(load_backbone("efficientnet_lite0", {.weights = "tensorflow"}).spec.source, "tensorflow");
}

TEST(LoadBackbone, NamesTheNearestSourceWhereThereIsNoSuchFile) {
  const Error error = refused_load("efficientnet_lite0", {.weights = "tensorflw"});
  EXPECT_EQ(error.kind(), ErrorKind::weights);
  EXPECT_NE(error.text().found.find("did you mean 'tensorflow'"), std::string::npos) << error.what();
}

TEST(LoadBackbone, RefusesAFileThatHoldsNoWeights) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "page.pth") << "<!DOCTYPE html><html></html>";
  EXPECT_EQ(refused_load("resnet50", {.weights = (directory / "page.pth").string()}).kind(), ErrorKind::weights);
  EXPECT_EQ(refused_load("resnet50", {.weights = directory.path().string()}).kind(), ErrorKind::weights);
}

TEST(FindWeights, TakesTheChosenDirectoriesFirst) {
  const TemporaryDirectory directory;
  const Environment environment("ENXERTO_WEIGHTS", ":" + directory.path().string() + ":");
  EXPECT_EQ(weight_directories().front(), directory.path());
  std::ofstream(directory / "resnet34-b627a593.pth") << "x";
  EXPECT_EQ(find_weights(pretrained_named("resnet34")).file, directory / "resnet34-b627a593.pth");
}

}  // namespace
}  // namespace enxerto
