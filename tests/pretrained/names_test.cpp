#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/pretrained/fit_weights.h"
#include "enxerto/pretrained/name_table.h"
#include "enxerto/pretrained/names_efficientnet_pytorch.h"
#include "tests/pretrained/zeros.h"

namespace enxerto {
namespace {

using testing::zero_weights;
using testing::zeros;

const StateDict& lite0() {
  static const StateDict weights = zero_weights("efficientnet_lite0", 1000);
  return weights;
}

TEST(EfficientNetPytorchNames, BecomeThoseOfTheZoo) {
  const Blueprint blueprint = find_architecture("efficientnet_lite0").build();
  StateDict theirs;
  for (const char* name : {"_conv_stem.weight", "_bn0.running_var", "_blocks.0._depthwise_conv.weight",
                           "_blocks.0._bn1.bias", "_blocks.0._project_conv.weight", "_blocks.0._bn2.weight",
                           "_blocks.1._expand_conv.weight", "_blocks.2._expand_conv.weight", "_blocks.2._bn0.weight",
                           "_blocks.2._depthwise_conv.weight", "_blocks.2._project_conv.weight", "_blocks.2._bn2.bias",
                           "_blocks.15._expand_conv.weight", "_conv_head.weight", "_bn1.weight", "_fc.bias"})
    theirs.set(name, zeros({1}));
  std::vector<std::string> found;
  for (const auto& [name, _] : translate_efficientnet_pytorch(theirs, blueprint)) found.push_back(name);
  EXPECT_EQ(found, (std::vector<std::string>{
                       "conv_stem.weight", "bn1.running_var", "blocks.0.0.conv_dw.weight", "blocks.0.0.bn1.bias",
                       "blocks.0.0.conv_pw.weight", "blocks.0.0.bn2.weight", "blocks.1.0.conv_pw.weight",
                       "blocks.1.1.conv_pw.weight", "blocks.1.1.bn1.weight", "blocks.1.1.conv_dw.weight",
                       "blocks.1.1.conv_pwl.weight", "blocks.1.1.bn3.bias", "blocks.6.0.conv_pw.weight",
                       "conv_head.weight", "bn2.weight", "classifier.bias"}));
}

TEST(EfficientNetPytorchNames, KeepWhatTheyDoNotKnow) {
  const Blueprint blueprint = find_architecture("efficientnet_lite0").build();
  StateDict theirs;
  for (const char* name : {"_conv_stem.weight", "_bn0.weight", "_blocks.16._bn1.bias", "_blocks.x._bn1.bias",
                           "_blocks.", "_blocks.3", "_blocks.3.", "_swish.weight", "_fcx.weight", ""})
    theirs.set(name, zeros({1}));
  const StateDict ours = translate_efficientnet_pytorch(theirs, blueprint);
  EXPECT_EQ(ours.size(), theirs.size());
  EXPECT_TRUE(ours.contains("_blocks.16._bn1.bias"));
  EXPECT_TRUE(ours.contains("_swish.weight"));
  EXPECT_TRUE(ours.contains("_fcx.weight"));
}

TEST(TorchvisionNames, LeaveOutTheAuxiliaryClassifierOfInception) {
  StateDict weights = zero_weights("inception_v3", 5);
  weights.set("AuxLogits.conv0.conv.weight", zeros({128, 768, 1, 1}));
  weights.set("AuxLogits.fc.weight", zeros({5, 768}));
  EXPECT_EQ(fit_weights(find_architecture("inception_v3"), 75, weights, "w").classes, 5);
}

TEST(TorchvisionNames, OfOldDenseNetFilesAreUnderstood) {
  StateDict old;
  for (const auto& [name, tensor] : zero_weights("densenet121", 5)) {
    std::string before = name;
    const std::size_t layer = name.find(".denselayer");
    for (const char* part : {".norm1.", ".norm2.", ".conv1.", ".conv2."})
      if (layer != std::string::npos && name.find(part, layer) != std::string::npos)
        before.insert(name.find(part, layer) + 5, 1, '.');
    old.set(before, tensor);
  }
  ASSERT_TRUE(old.contains("features.denseblock1.denselayer1.norm.1.running_mean"));
  ASSERT_TRUE(old.contains("features.denseblock4.denselayer16.conv.2.weight"));
  ASSERT_TRUE(old.contains("features.transition1.norm.weight"));
  EXPECT_EQ(recognise_architecture(old), "densenet121");
}

TEST(NameTables, KnowTheFilesOfTheirSource) {
  EXPECT_EQ(name_table_for(lite0())->name, "timm");
  for (const char* name : {"resnet50", "vgg11", "vgg11_bn", "mobilenet_v2", "mobilenet_v3_small", "densenet121",
                           "inception_v3", "efficientnet_b0", "convnext_tiny"})
    EXPECT_EQ(name_table_for(zero_weights(name, 2))->name, "torchvision") << name;
  StateDict theirs;
  for (const char* name : {"_conv_stem.weight", "_bn0.weight"}) theirs.set(name, zeros({1}));
  EXPECT_EQ(name_table_for(theirs)->name, "efficientnet_pytorch");
  EXPECT_EQ(name_table_for({}), nullptr);
}

TEST(FitWeights, TakesTheNumberOfClassesFromTheFile) {
  const FittedWeights fitted =
      fit_weights(find_architecture("efficientnet_lite0"), 0, zero_weights("efficientnet_lite0", 7), "w");
  EXPECT_EQ(fitted.classes, 7);
  EXPECT_EQ(fitted.naming, "timm");
  EXPECT_EQ(fitted.graph.outputs.at(0).shape, (SymbolicShape{"batch", 7}));
}

TEST(FitWeights, LeavesTheClassifierOutWhereTheFileHasNone) {
  StateDict weights = lite0();
  weights.erase("classifier.weight");
  weights.erase("classifier.bias");
  const FittedWeights fitted = fit_weights(find_architecture("efficientnet_lite0"), 96, weights, "w");
  EXPECT_EQ(fitted.classes, 0);
  EXPECT_EQ(fitted.graph.outputs.at(0).shape, (SymbolicShape{"batch", 1280}));
  EXPECT_EQ(fitted.graph.inputs.at(0).shape, (SymbolicShape{"batch", 3, 96, 96}));
}

TEST(FitWeights, DropsTheCountersOfTraining) {
  StateDict weights = lite0();
  weights.set("bn1.num_batches_tracked", Tensor::scalar<std::int64_t>(5));
  EXPECT_FALSE(fit_weights(find_architecture("efficientnet_lite0"), 0, weights, "w")
                   .graph.parameters.contains("bn1.num_batches_tracked"));
}

/// The error of fitting `weights` to EfficientNet-Lite0.
Error refused(const StateDict& weights) {
  try {
    fit_weights(find_architecture("efficientnet_lite0"), 0, weights, "some.pth");
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::interrupted, {.where = "no error", .found = "", .expected = "", .tip = ""}};
}

TEST(FitWeights, NamesMissingUnexpectedAndMismatchedTogether) {
  StateDict weights = lite0();
  weights.erase("bn2.bias");
  weights.set("extra.weight", zeros({3}));
  weights.set("conv_head.weight", zeros({1280, 320}));
  const Error error = refused(weights);
  EXPECT_EQ(error.kind(), ErrorKind::weights);
  EXPECT_EQ(error.text().where, "some.pth");
  for (const char* part : {"1 missing: bn2.bias", "1 unexpected: extra.weight", "1 mismatched: conv_head.weight"})
    EXPECT_NE(error.text().found.find(part), std::string::npos) << part << " in " << error.what();
}

TEST(FitWeights, ReportsHalfAClassifierAsMissing) {
  StateDict weights = lite0();
  weights.erase("classifier.weight");
  EXPECT_NE(refused(weights).text().found.find("missing: classifier.weight"), std::string::npos);
}

TEST(FitWeights, SaysWhichArchitectureTheyLookLike) {
  const Error error = refused(zero_weights("resnet18", 10));
  EXPECT_NE(error.text().tip.find("backbone.name = resnet18"), std::string::npos) << error.what();
  EXPECT_NE(refused(zero_weights("efficientnet_lite1", 10)).text().tip.find("backbone.name = efficientnet_lite1"),
            std::string::npos);
}

TEST(FitWeights, RefusesNamesOfNoSource) {
  StateDict weights;
  for (const char* name : {"a", "b", "c", "d"}) weights.set(name, zeros({2}));
  const Error error = refused(weights);
  EXPECT_EQ(error.kind(), ErrorKind::weights);
  EXPECT_NE(error.text().found.find("4 tensors whose names no source uses: a, b, c, .."), std::string::npos)
      << error.what();
  EXPECT_EQ(refused({}).kind(), ErrorKind::weights);
}

TEST(RecogniseArchitecture, KnowsEachNetworkOfTheZoo) {
  for (const Architecture& row : architectures()) {
    if (row.name.starts_with("keras_")) continue;  // under Keras's names: keras/keras_files_test.cpp
    if (row.classes_in != nullptr) continue;       // under torchvision's: names_detectors_test.cpp
    EXPECT_EQ(recognise_architecture(zero_weights(std::string(row.name).c_str(), 10)), row.name);
  }
}

}  // namespace
}  // namespace enxerto
