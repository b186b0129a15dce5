#include "enxerto/pretrained/names_segmenters.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/pretrained/fit_weights.h"
#include "enxerto/pretrained/name_table.h"
#include "enxerto/zoo/registry.h"
#include "enxerto/zoo/segmenters.h"
#include "tests/pretrained/zeros.h"

namespace enxerto {
namespace {

using testing::zeros;
using Pairs = std::vector<std::pair<std::string, std::string>>;

const Pairs kFcnPairs{
    {"backbone.conv1.weight", "conv1.weight"},     {"backbone.layer4.2.bn3.running_var", "layer4.2.bn3.running_var"},
    {"classifier.0.weight", "head.narrow.weight"}, {"classifier.1.running_mean", "head.narrow.norm.running_mean"},
    {"classifier.4.weight", "head.scores.weight"}, {"classifier.4.bias", "head.scores.bias"},
};
const Pairs kDeepLabPairs{
    {"backbone.0.0.weight", "features.0.0.weight"},
    {"backbone.13.block.2.fc1.bias", "features.13.block.2.fc1.bias"},
    {"classifier.0.convs.0.0.weight", "head.aspp0.weight"},
    {"classifier.0.convs.3.1.running_var", "head.aspp3.norm.running_var"},
    {"classifier.0.convs.4.1.weight", "head.aspp4.weight"},
    {"classifier.0.convs.4.2.bias", "head.aspp4.norm.bias"},
    {"classifier.0.project.0.weight", "head.project.weight"},
    {"classifier.0.project.1.weight", "head.project.norm.weight"},
    {"classifier.1.weight", "head.refine.weight"},
    {"classifier.2.weight", "head.refine.norm.weight"},
    {"classifier.4.bias", "head.scores.bias"},
};
const Pairs kLrasppPairs{
    {"backbone.16.1.weight", "features.16.1.weight"},
    {"backbone.0.0.weight", "features.0.0.weight"},
    {"classifier.cbr.0.weight", "head.deep.weight"},
    {"classifier.cbr.1.bias", "head.deep.norm.bias"},
    {"classifier.scale.1.weight", "head.gate.weight"},
    {"classifier.low_classifier.weight", "head.fine.scores.weight"},
    {"classifier.high_classifier.weight", "head.deep.scores.weight"},
};

void expect_pairs(const Pairs& pairs, std::string_view table, const Blueprint& network) {
  StateDict weights;
  for (const auto& [theirs, ours] : pairs) weights.set(theirs, zeros({1}));
  weights.set("aux_classifier.0.weight", zeros({1}));
  const NameTable* const found = name_table_for(weights);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->name, table);
  const StateDict translated = found->translate(weights, network);
  for (const auto& [theirs, ours] : pairs) EXPECT_TRUE(translated.contains(ours)) << theirs;
  EXPECT_FALSE(translated.contains("aux_classifier.0.weight")) << "only training uses it";
}

TEST(SegmenterNames, AreTorchvisions) {
  expect_pairs(kFcnPairs, "torchvision_fcn", fcn_resnet50({.size = 64}));
  expect_pairs(kDeepLabPairs, "torchvision_deeplab", deeplabv3_mobilenet_v3_large({.size = 64}));
  expect_pairs(kLrasppPairs, "torchvision_lraspp", lraspp_mobilenet_v3_large({.size = 64}));
}

/// The zoo's names back to torchvision's, with 4 classes.
StateDict theirs_of(const std::string& architecture) {
  StateDict theirs;
  for (const auto& [name, tensor] : testing::zero_weights(architecture.c_str(), 4)) {
    if (name.starts_with("head.fine.norm.")) continue;
    std::string other = name.starts_with("features.") ? "backbone." + name.substr(9) : "backbone." + name;
    for (const auto& [before, after] :
         std::vector<std::pair<std::string, std::string>>{{"head.deep.scores.", "classifier.high_classifier."},
                                                          {"head.fine.scores.", "classifier.low_classifier."},
                                                          {"head.deep.norm.", "classifier.cbr.1."},
                                                          {"head.deep.", "classifier.cbr.0."},
                                                          {"head.gate.", "classifier.scale.1."},
                                                          {"head.narrow.norm.", "classifier.1."},
                                                          {"head.narrow.", "classifier.0."},
                                                          {"head.scores.", "classifier.4."}})
      if (name.starts_with(before)) {
        other = after + name.substr(before.size());
        break;
      }
    theirs.set(other, tensor);
  }
  return theirs;
}

TEST(SegmenterNames, TellTheNetworkAndHowManyClassesItHas) {
  for (const std::string name : {"lraspp_mobilenet_v3_large", "fcn_resnet50"}) {
    const StateDict theirs = theirs_of(name);
    EXPECT_EQ(recognise_architecture(theirs), name);
    const FittedWeights fitted = fit_weights(find_architecture(name), 64, theirs, "made");
    EXPECT_EQ(fitted.classes, 4);
    EXPECT_TRUE(fitted.notes.empty());
  }
}

TEST(SegmenterNames, AreRefusedForAClassifierNamingTheSegmenter) {
  try {
    (void)fit_weights(find_architecture("resnet50"), 64, theirs_of("fcn_resnet50"), "made");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(error.text().tip.find("fcn_resnet50"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace enxerto
