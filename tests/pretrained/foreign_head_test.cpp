#include "enxerto/pretrained/foreign_head.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/pretrained/fit_weights.h"
#include "enxerto/pretrained/names_keras.h"
#include "tests/pretrained/zeros.h"

namespace enxerto {
namespace {

using testing::zero_weights;
using testing::zeros;

/// ResNet-18 with two dense layers in place of its own.
StateDict resnet_with_head() {
  StateDict weights = zero_weights("resnet18", 5);
  weights.erase("fc.weight");
  weights.erase("fc.bias");
  weights.set("fc.0.weight", zeros({64, 512}));
  weights.set("fc.0.bias", zeros({64}));
  weights.set("fc.3.weight", zeros({5, 64}));
  return weights;
}

std::vector<float> ramp(std::size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), 0.0F);
  return values;
}

TEST(ForeignHead, IsLeftOutAndNamed) {
  const FittedWeights fitted = fit_weights(find_architecture("resnet18"), 64, resnet_with_head(), "w");
  EXPECT_EQ(fitted.classes, 0);
  EXPECT_EQ(fitted.graph.outputs.at(0).shape, (SymbolicShape{"batch", 512}));
  ASSERT_EQ(fitted.notes.size(), 1U);
  EXPECT_EQ(fitted.notes[0], "left out the file's own head: fc.0.weight, fc.0.bias, fc.3.weight");
  EXPECT_EQ(fitted.left_out, (std::vector<std::string>{"fc.0", "fc.3"}));
  EXPECT_EQ(recognise_architecture(resnet_with_head()), "resnet18");
}

TEST(ForeignHead, IsLeftOutOfAFileOfKeras) {
  constexpr const char* kName = "keras_mobilenet_v2_035";
  StateDict weights = keras_state_dict(zero_weights(kName, 2), find_architecture(kName).build({.classes = 2}));
  weights.erase("predictions/kernel");
  weights.erase("predictions/bias");
  weights.set("dense_1/kernel", zeros({1280, 256}));
  weights.set("dense_1/bias", zeros({256}));
  weights.set("dense_2/kernel", zeros({256, 5}));
  weights.set("dense_2/bias", zeros({5}));
  weights.set("Conv1/kernel", Tensor::of<float>({3, 3, 3, 16}, std::span<const float>(ramp(432))));
  const FittedWeights fitted = fit_weights(find_architecture(kName), 64, weights, "w");
  EXPECT_EQ(fitted.classes, 0);
  EXPECT_EQ(fitted.notes.size(), 1U);
  // The second value of (16, 3, 3, 3) is the second column of the first row: 48 behind the first in (3, 3, 3, 16).
  EXPECT_EQ(fitted.graph.parameters.at("features.0.0.weight").as<float>()[1], 48);
}

TEST(ForeignHead, IsNoneWhereTheBodyDoesNotFit) {
  StateDict weights = resnet_with_head();
  weights.erase("layer4.1.conv2.weight");
  EXPECT_THROW(fit_weights(find_architecture("resnet18"), 64, weights, "w"), Error);
}

TEST(ForeignHead, IsOfDenseLayersAlone) {
  const auto head = [](const std::string& name, Tensor tensor) {
    StateDict weights;
    LoadReport report;
    weights.set("fc.weight", zeros({5, 512}));
    weights.set(name, std::move(tensor));
    for (const auto& entry : weights) report.unexpected.push_back(entry.first);
    return foreign_head(report, weights, find_architecture("resnet18").build({})).size();
  };
  EXPECT_EQ(head("fc.bias", zeros({5})), 2U);
  EXPECT_EQ(head("fc.bias", zeros({7})), 0U);
  EXPECT_EQ(head("fc.scale", zeros({5})), 0U);
  EXPECT_EQ(head("conv.weight", zeros({5, 5, 3, 3})), 0U);
  EXPECT_EQ(head("norm.bias", zeros({5})), 0U);
  EXPECT_EQ(head("token", zeros({1, 5})), 0U);
  EXPECT_EQ(head("layer3.0.se.weight", zeros({5, 5})), 0U);
}

/// ResNet-18 without its head and with `more`: names and shapes.
StateDict resnet_with(const std::vector<std::pair<std::string, Shape>>& more) {
  StateDict weights = zero_weights("resnet18", 5);
  weights.erase("fc.weight");
  weights.erase("fc.bias");
  for (const auto& [name, shape] : more) weights.set(name, zeros(shape));
  return weights;
}

TEST(ForeignHead, MayHaveNormalisationsBetweenItsDenseLayers) {
  const StateDict weights = resnet_with({{"fc.0.weight", {512}},
                                         {"fc.0.bias", {512}},
                                         {"fc.0.running_mean", {512}},
                                         {"fc.0.running_var", {512}},
                                         {"fc.0.num_batches_tracked", {}},
                                         {"fc.1.weight", {64, 512}},
                                         {"fc.1.bias", {64}},
                                         {"fc.2.weight", {1}},
                                         {"fc.4.weight_g", {3, 1}},
                                         {"fc.4.weight_v", {3, 64}}});
  const FittedWeights fitted = fit_weights(find_architecture("resnet18"), 64, weights, "w");
  EXPECT_EQ(fitted.classes, 0);
  EXPECT_EQ(fitted.left_out, (std::vector<std::string>{"fc.0", "fc.1", "fc.2", "fc.4"}));
}

TEST(ForeignHead, MayBeginWithALayerCalledAsTheClassifierIs) {
  const StateDict weights =
      resnet_with({{"fc.weight", {64, 512}}, {"fc.bias", {64}}, {"out.weight", {3, 64}}, {"out.bias", {3}}});
  const FittedWeights fitted = fit_weights(find_architecture("resnet18"), 64, weights, "w");
  EXPECT_EQ(fitted.classes, 0);
  EXPECT_EQ(fitted.left_out, (std::vector<std::string>{"fc", "out"}));
}

/// The network without what begins with `erased`, and with `more`.
StateDict changed(const char* architecture, std::string_view erased,
                  const std::vector<std::pair<std::string, Shape>>& more) {
  StateDict weights;
  for (const auto& [name, tensor] : zero_weights(architecture, 5))
    if (!name.starts_with(erased)) weights.set(name, tensor);
  for (const auto& [name, shape] : more) weights.set(name, zeros(shape));
  return weights;
}

TEST(ForeignHead, MayBeNumberedAsTheClassifierIs) {
  const StateDict vgg = changed("vgg11", "classifier.",
                                {{"classifier.0.weight", {32, 25088}},
                                 {"classifier.0.bias", {32}},
                                 {"classifier.3.weight", {3, 32}},
                                 {"classifier.3.bias", {3}}});
  const StateDict mobile =
      changed("mobilenet_v3_small", "classifier.", {{"classifier.0.weight", {3, 576}}, {"classifier.0.bias", {3}}});
  const FittedWeights fitted = fit_weights(find_architecture("vgg11"), 64, vgg, "w");
  EXPECT_EQ(fitted.classes, 0);
  EXPECT_EQ(fitted.left_out, (std::vector<std::string>{"classifier.0", "classifier.3"}));
  EXPECT_EQ(fit_weights(find_architecture("mobilenet_v3_small"), 64, mobile, "w").left_out,
            std::vector<std::string>{"classifier.0"});
  EXPECT_EQ(recognise_architecture(vgg), "vgg11");
}

TEST(ForeignHead, MayHaveAnActivationNumberedAsTheClassifierIs) {
  const StateDict weights = changed("mobilenet_v2", "classifier.",
                                    {{"classifier.0.weight", {32, 1280}},
                                     {"classifier.0.bias", {32}},
                                     {"classifier.1.weight", {1}},
                                     {"classifier.2.weight", {3, 32}},
                                     {"classifier.2.bias", {3}}});
  EXPECT_EQ(fit_weights(find_architecture("mobilenet_v2"), 64, weights, "w").left_out,
            (std::vector<std::string>{"classifier.0", "classifier.1", "classifier.2"}));
  EXPECT_EQ(recognise_architecture(weights), "mobilenet_v2");
}

TEST(ForeignHead, MayStandInPlaceOfTheLastNormalisationToo) {
  const FittedWeights fitted =
      fit_weights(find_architecture("convnext_tiny"), 64,
                  changed("convnext_tiny", "classifier.", {{"classifier.1.weight", {3, 768}}}), "w");
  EXPECT_EQ(fitted.left_out, std::vector<std::string>{"classifier.1"});
  EXPECT_EQ(fitted.graph.outputs.at(0).shape, (SymbolicShape{"batch", 768}));
  EXPECT_EQ(
      fit_weights(find_architecture("convnext_tiny"), 64, changed("convnext_tiny", "classifier.", {}), "w").classes, 0);
}

TEST(ForeignHead, IsNoneOfAClassifierWithoutABias) {
  const FittedWeights fitted =
      fit_weights(find_architecture("resnet18"), 64, resnet_with({{"fc.weight", {3, 512}}}), "w");
  EXPECT_EQ(fitted.classes, 3);
  EXPECT_EQ(fitted.graph.parameters.at("fc.bias").as<float>()[0], 0);
  EXPECT_EQ(fitted.notes, std::vector<std::string>{"the file has no fc.bias: taken as zeros"});
}

TEST(ForeignHead, IsNotWhatTrainingLeavesBesideAClassifier) {
  StateDict weights = zero_weights("resnet18", 5);
  weights.set("criterion.weight", zeros({5}));
  weights.set("train_acc.correct", zeros({}));
  const FittedWeights fitted = fit_weights(find_architecture("resnet18"), 64, weights, "w");
  EXPECT_EQ(fitted.classes, 5);
  EXPECT_EQ(fitted.notes,
            std::vector<std::string>{"left out what is not in the network: criterion.weight, train_acc.correct"});
  for (const char* name : {"layer3.0.gamma.weight", "scale", "gem.p"}) {
    StateDict other = zero_weights("resnet18", 5);
    other.set(name, zeros({5}));
    EXPECT_FALSE(fits(find_architecture("resnet18"), other)) << name;
  }
}

TEST(ForeignHead, IsNoLayerInsideTheNetwork) {
  const StateDict weights = resnet_with({{"layer3.0.se.fc1.weight", {16, 256}}, {"layer3.0.se.fc2.weight", {256, 16}}});
  EXPECT_THROW(fit_weights(find_architecture("resnet18"), 64, weights, "w"), Error);
}

}  // namespace
}  // namespace enxerto
