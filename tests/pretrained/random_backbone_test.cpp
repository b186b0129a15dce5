#include "enxerto/pretrained/random_backbone.h"

#include <gtest/gtest.h>

#include "enxerto/base/error.h"
#include "enxerto/zoo/registry.h"
#include "tests/media/image_record.h"

namespace enxerto {
namespace {

using testing::image_of;

TEST(RandomBackbone, HasThePreprocessingOfThePublishedWeightsAndNoClassifier) {
  const Backbone backbone = random_backbone("mobilenet_v2_035", {.size = 64, .seed = 1});
  EXPECT_EQ(backbone.spec.source, "random");
  EXPECT_EQ(backbone.spec.outputs, 0);
  EXPECT_TRUE(backbone.spec.labels.empty());
  EXPECT_EQ(image_of(backbone.spec.preprocessor).size, 64);
  EXPECT_EQ(image_of(backbone.spec.preprocessor).mean,
            image_of(pretrained_named("mobilenet_v2_035").front().preprocessor).mean);
  EXPECT_EQ(backbone.graph.inputs.at(0).shape, (SymbolicShape{"batch", 3, 64, 64}));
  EXPECT_EQ(backbone.graph.outputs.at(0).shape, (SymbolicShape{"batch", 1280}));
  EXPECT_FALSE(backbone.graph.parameters.contains("classifier.1.weight"));
}

TEST(RandomBackbone, LeavesOutVggsDenseLayers) {
  const Backbone backbone = random_backbone("vgg11", {.size = 32});
  for (const auto& [name, _] : backbone.graph.parameters) EXPECT_TRUE(name.starts_with("features.")) << name;
}

TEST(RandomBackbone, IsWhatLoadBackboneGivesForRandomWeights) {
  const Backbone one = load_backbone("resnet20_cifar", {.weights = "random", .seed = 7});
  const Backbone same = random_backbone("resnet20_cifar", {.seed = 7});
  const Backbone other = load_backbone("resnet20_cifar", {.weights = "random", .seed = 8});
  const Tensor& stem = one.graph.parameters.at("conv1.weight");
  EXPECT_TRUE(identical(stem, same.graph.parameters.at("conv1.weight")));
  EXPECT_FALSE(identical(stem, other.graph.parameters.at("conv1.weight")));
  EXPECT_EQ(image_of(one.spec.preprocessor).size, 32);
  EXPECT_EQ(image_of(one.spec.preprocessor).crop_fraction, 1);
}

TEST(RandomBackbone, RefusesWhatThereIsNot) {
  for (const int size : {1, -32, 10'000}) EXPECT_THROW(random_backbone("resnet20_cifar", {.size = size}), Error);
  try {
    load_backbone("resnet20_cifr", {.weights = "random"});
    FAIL() << "found";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::usage);
  }
}

TEST(RandomBackbone, KnowsWhatEachParameterOfTheZooIsFor) {
  for (const Architecture& row : architectures())
    for (const ParameterSpec& spec : row.build({.size = row.minimum_size}).parameters)
      EXPECT_NE(spec.role, Role::constant) << row.name << " " << spec.name;
}

}  // namespace
}  // namespace enxerto
