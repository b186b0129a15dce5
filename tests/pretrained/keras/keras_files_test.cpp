#include <gtest/gtest.h>

#include <string>

#include "enxerto/base/error.h"
#include "enxerto/pretrained/fit_weights.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/pretrained/name_table.h"
#include "enxerto/pretrained/names_keras.h"
#include "enxerto/weights/safetensors.h"
#include "enxerto/zoo/vgg.h"
#include "tests/media/image_record.h"
#include "tests/pretrained/temporary_directory.h"
#include "tests/pretrained/zeros.h"

namespace enxerto {
namespace {

using testing::image_of;

using testing::TemporaryDirectory;
using testing::zero_weights;
using testing::zeros;

constexpr const char* kSmall = "keras_mobilenet_v2_035";

StateDict keras_weights(const char* architecture, std::int64_t classes) {
  return keras_state_dict(zero_weights(architecture, classes),
                          find_architecture(architecture).build({.classes = classes}));
}

StateDict without(const StateDict& weights, std::string_view layer) {
  StateDict kept;
  for (const auto& [name, tensor] : weights)
    if (!name.starts_with(std::string(layer) + "/")) kept.set(name, tensor);
  return kept;
}

Error refused(const char* architecture, const StateDict& weights) {
  try {
    fit_weights(find_architecture(architecture), 0, weights, "some.h5");
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::interrupted, {.where = "no error", .found = "", .expected = "", .tip = ""}};
}

TEST(KerasFiles, AreKnownByTheirNames) {
  EXPECT_EQ(name_table_for(keras_weights(kSmall, 2))->name, "keras");
  EXPECT_FALSE(recognises_keras(zero_weights("resnet18", 2)));
  EXPECT_FALSE(recognises_keras({}));
}

TEST(KerasFiles, AreRecognised) {
  for (const char* name : {kSmall, "keras_mobilenet_v2", "keras_resnet50", "keras_resnet50v2", "keras_inception_v3"})
    EXPECT_EQ(recognise_architecture(keras_weights(name, 5)), name);
}

TEST(KerasFiles, TellTheNumberOfClasses) {
  const FittedWeights fitted = fit_weights(find_architecture(kSmall), 64, keras_weights(kSmall, 7), "w");
  EXPECT_EQ(fitted.classes, 7);
  EXPECT_EQ(fitted.naming, "keras");
}

TEST(KerasFiles, WithoutTopGivePooledFeatures) {
  const StateDict weights = without(keras_weights(kSmall, 7), "predictions");
  const FittedWeights fitted = fit_weights(find_architecture(kSmall), 64, weights, "w");
  EXPECT_EQ(fitted.classes, 0);
  EXPECT_EQ(fitted.graph.outputs.at(0).shape, (SymbolicShape{"batch", 1280}));
  EXPECT_EQ(recognise_architecture(weights), kSmall);
}

TEST(KerasFiles, OfVggWithoutTopHaveNoneOfItsDenseLayers) {
  const Blueprint blueprint = vgg({.depth = 16, .size = 224, .classes = 2, .hidden = 2});
  StateDict ours;
  for (const ParameterSpec& spec : blueprint.parameters) ours.set(spec.name, zeros(spec.shape));
  StateDict theirs = keras_state_dict(ours, blueprint);
  for (const char* layer : {"fc1", "fc2", "predictions"}) theirs = without(theirs, layer);
  const FittedWeights fitted = fit_weights(find_architecture("vgg16"), 96, theirs, "w");
  EXPECT_EQ(fitted.classes, 0);
  EXPECT_EQ(fitted.graph.outputs.at(0).shape, (SymbolicShape{"batch", 512 * 7 * 7}));
  EXPECT_FALSE(fitted.graph.parameters.contains("classifier.0.weight"));
}

TEST(KerasFiles, MayCallTheClassifierAsTheyLike) {
  StateDict weights = without(keras_weights(kSmall, 7), "predictions");
  weights.set("my_flowers/kernel", zeros({1280, 4}));
  weights.set("my_flowers/bias", zeros({4}));
  EXPECT_EQ(fit_weights(find_architecture(kSmall), 64, weights, "w").classes, 4);
}

TEST(KerasFiles, WithAnotherHeadGivePooledFeaturesAndSaySo) {
  StateDict weights = without(keras_weights(kSmall, 7), "predictions");
  weights.set("dense/kernel", zeros({1280, 64}));
  weights.set("dense/bias", zeros({64}));
  weights.set("dense_1/kernel", zeros({64, 4}));
  weights.set("dense_1/bias", zeros({4}));
  const FittedWeights fitted = fit_weights(find_architecture(kSmall), 64, weights, "w");
  EXPECT_EQ(fitted.classes, 0);
  ASSERT_EQ(fitted.notes.size(), 1U);
  EXPECT_NE(fitted.notes[0].find("dense/kernel"), std::string::npos) << fitted.notes[0];
}

TEST(KerasFiles, WithSomethingElseBehindSayWhatIsTooMuch) {
  StateDict weights = keras_weights(kSmall, 7);
  weights.set("lstm/recurrent_kernel", zeros({16, 64}));
  const Error error = refused(kSmall, weights);
  EXPECT_EQ(error.kind(), ErrorKind::weights);
  EXPECT_NE(error.text().found.find("1 unexpected: lstm/recurrent_kernel"), std::string::npos) << error.what();
}

TEST(KerasFiles, WithWrongShapesAreReportedWhole) {
  StateDict weights = keras_weights(kSmall, 7);
  weights.set("Conv1/kernel", zeros({3, 3, 1, 16}));
  weights.set("block_3_expand_BN/gamma", zeros({5}));
  weights.erase("Conv_1_bn/beta");
  const Error error = refused(kSmall, weights);
  for (const char* part :
       {"1 missing: features.18.1.bias", "2 mismatched: features.0.0.weight: found float32 (16, 1, 3, 3)",
        "features.4.conv.0.1.weight"})
    EXPECT_NE(error.text().found.find(part), std::string::npos) << part << " in " << error.what();
}

TEST(KerasFiles, OfAnotherArchitectureSayWhichOne) {
  EXPECT_NE(refused(kSmall, keras_weights("keras_resnet50", 7)).text().tip.find("backbone.name = keras_resnet50,"),
            std::string::npos);
  EXPECT_NE(refused("resnet18", keras_weights(kSmall, 7)).text().tip.find(kSmall), std::string::npos);
}

TEST(KerasFiles, MakeAPublishedNameMeanKerasNetwork) {
  const TemporaryDirectory directory;
  const std::filesystem::path file = directory / "mine.safetensors";
  write_safetensors(file, keras_weights("keras_resnet50", 4));
  for (const char* name : {"resnet50", "keras_resnet50"}) {
    const Backbone backbone = load_backbone(name, {.weights = file.string(), .size = 64});
    EXPECT_EQ(backbone.graph.name, "keras_resnet50") << name;
    EXPECT_EQ(backbone.spec.architecture, "keras_resnet50") << name;
    EXPECT_EQ(backbone.spec.source, "own") << name;
    EXPECT_EQ(backbone.spec.outputs, 4) << name;
    EXPECT_EQ(image_of(backbone.spec.preprocessor).channels, ImagePreprocess::Channels::bgr) << name;
    EXPECT_EQ(image_of(backbone.spec.preprocessor).divisor, 1) << name;
  }
}

TEST(KerasFiles, LeaveThePublishedNameToTorchvisionsFiles) {
  const TemporaryDirectory directory;
  const std::filesystem::path file = directory / "mine.safetensors";
  write_safetensors(file, zero_weights("mobilenet_v2_035", 4));
  const Backbone backbone = load_backbone("mobilenet_v2_035", {.weights = file.string(), .size = 64});
  EXPECT_EQ(backbone.graph.name, "mobilenet_v2_035");
  EXPECT_EQ(image_of(backbone.spec.preprocessor).mean[0], 0.485F);
}

}  // namespace
}  // namespace enxerto
