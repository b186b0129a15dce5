#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "enxerto/weights/keras/keras3_file.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

/// Where a layer's variables are in a file, how many, and what the file calls the layer.
struct Layer {
  std::string path;
  std::size_t variables = 2;
  std::string name = {};
};

Hdf5Group& child(Hdf5Group& parent, const std::string& name) {
  const auto at = std::ranges::lower_bound(parent.groups, name, {}, &Hdf5Group::name);
  if (at != parent.groups.end() && at->name == name) return *at;
  Hdf5Group group;
  group.name = name;
  return *parent.groups.insert(at, std::move(group));
}

Hdf5Group tree(const std::vector<Layer>& layers) {
  Hdf5Group root;
  for (const Layer& layer : layers) {
    Hdf5Group* at = &root;
    for (std::size_t begin = 0; begin < layer.path.size();) {
      const std::size_t end = std::min(layer.path.find('/', begin), layer.path.size());
      at = &child(*at, layer.path.substr(begin, end - begin));
      begin = end + 1;
    }
    Hdf5Group& variables = child(*at, "vars");
    if (!layer.name.empty()) variables.attributes["name"] = {layer.name};
    for (std::size_t i = 0; i < layer.variables; ++i)
      variables.tensors.push_back({.name = std::to_string(i), .tensor = Tensor::scalar(static_cast<float>(i))});
  }
  return root;
}

std::vector<std::string> names_of(const std::vector<Layer>& layers) {
  const WeightFile file = read_keras3_file(tree(layers), nullptr, "file");
  std::vector<std::string> names;
  for (const auto& entry : file.tensors) names.push_back(entry.first);
  return names;
}

using Names = std::vector<std::string>;

TEST(Keras3Tree, LayersWithoutAStoredNameAreCalledByTheirClassAndNumberInOrder) {
  const Names expected = {"conv2d/kernel", "conv2d_2/kernel", "conv2d_10/kernel", "dense/kernel", "dense/bias"};
  EXPECT_EQ(names_of({{"layers/conv2d", 1}, {"layers/conv2d_10", 1}, {"layers/conv2d_2", 1}, {"layers/dense", 2}}),
            expected);
}

TEST(Keras3Tree, TensorFlowsOlderNameForTheListOfLayersIsTheSame) {
  EXPECT_EQ(names_of({{"_layer_checkpoint_dependencies/dense", 2}}), (Names{"dense/kernel", "dense/bias"}));
}

TEST(Keras3Tree, LayersOfAClassAreNamedByTheAttributeTheyAreIn) {
  EXPECT_EQ(names_of({{"backbone/layers/conv2d", 1, "stem"}, {"head", 2, "dense_7"}}),
            (Names{"backbone/stem/kernel", "dense_7/kernel", "dense_7/bias"}));
  EXPECT_EQ(names_of({{"blocks/dense", 1, "dense"}, {"blocks/dense_1", 1, "dense_1"}}),
            (Names{"blocks/dense/kernel", "blocks/dense_1/kernel"}));
}

TEST(Keras3Tree, LayersThatShareANameAreToldApartByTheirPlace) {
  EXPECT_EQ(names_of({{"a", 1, "dense"}, {"b", 1, "dense"}}), (Names{"dense/kernel", "b/kernel"}));
}

TEST(Keras3Tree, WhatIsNotTheNetworkIsLeftOutAndNoted) {
  const Hdf5Group root = tree({{"layers/dense", 1, "fc"},
                               {"layers/dropout/seed_generator", 1, "seed"},
                               {"optimizer", 9, "adam"},
                               {"_compile_metrics/accuracy", 2, "accuracy"}});
  const WeightFile file = read_keras3_file(root, nullptr, "file");
  EXPECT_EQ(file.tensors.size(), 1U);
  EXPECT_EQ(file.notes.size(), 3U);
}

TEST(Keras3Tree, SaysWhereItTakesABatchNormalisationForOneWithoutGamma) {
  const Hdf5Group root = tree({{"layers/batch_normalization", 3, "bn"}});
  const WeightFile file = read_keras3_file(root, nullptr, "file");
  EXPECT_TRUE(file.tensors.contains("bn/beta"));
  ASSERT_EQ(file.notes.size(), 1U);
  EXPECT_NE(file.notes[0].find("have no gamma"), std::string::npos);
}

TEST(Keras3Tree, IsNotSeenWhereThereAreNoVariables) {
  EXPECT_FALSE(is_keras3_file(Hdf5Group{}));
  EXPECT_TRUE(is_keras3_file(tree({{"layers/dense", 1}})));
}

}  // namespace
}  // namespace enxerto
