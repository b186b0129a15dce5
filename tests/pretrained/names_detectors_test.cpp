#include "enxerto/pretrained/names_detectors.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/pretrained/fit_weights.h"
#include "enxerto/pretrained/name_table.h"
#include "enxerto/zoo/detectors.h"
#include "tests/pretrained/zeros.h"

namespace enxerto {
namespace {

using testing::zeros;
using Names = std::vector<std::pair<std::string, std::string>>;

const Names kSsdliteNames{
    {"backbone.features.0.0.0.weight", "features.0.0.weight"},
    {"backbone.features.0.12.block.2.fc1.bias", "features.12.block.2.fc1.bias"},
    {"backbone.features.0.13.1.running_mean", "features.13.block.0.1.running_mean"},
    {"backbone.features.1.0.1.0.weight", "features.13.block.1.0.weight"},
    {"backbone.features.1.2.block.0.0.weight", "features.15.block.0.0.weight"},
    {"backbone.features.1.3.1.bias", "features.16.1.bias"},
    {"backbone.extra.0.0.0.weight", "head.extra0.reduce.weight"},
    {"backbone.extra.1.1.1.running_var", "head.extra1.depthwise.norm.running_var"},
    {"backbone.extra.3.2.0.weight", "head.extra3.expand.weight"},
    {"head.classification_head.module_list.0.0.0.weight", "head.map0.class.depthwise.weight"},
    {"head.classification_head.module_list.1.1.bias", "head.map1.class.bias"},
    {"head.regression_head.module_list.5.0.1.weight", "head.map5.box.depthwise.norm.weight"},
};

const Names kRetinaNetNames{
    {"backbone.body.conv1.weight", "conv1.weight"},
    {"backbone.body.layer1.0.downsample.1.running_var", "layer1.0.downsample.1.running_var"},
    {"backbone.fpn.inner_blocks.0.0.weight", "head.pyramid0.lateral.weight"},
    {"backbone.fpn.layer_blocks.2.0.bias", "head.pyramid2.bias"},
    {"backbone.fpn.extra_blocks.p6.weight", "head.pyramid3.weight"},
    {"backbone.fpn.extra_blocks.p7.bias", "head.pyramid4.bias"},
    {"head.classification_head.conv.3.0.weight", "head.class.tower3.weight"},
    {"head.classification_head.cls_logits.weight", "head.class.weight"},
    {"head.regression_head.conv.0.0.bias", "head.box.tower0.bias"},
    {"head.regression_head.bbox_reg.weight", "head.box.weight"},
};

/// Before torchvision 0.13.
const Names kOldRetinaNetNames{
    {"backbone.body.conv1.weight", "conv1.weight"},
    {"backbone.fpn.inner_blocks.1.weight", "head.pyramid1.lateral.weight"},
    {"backbone.fpn.layer_blocks.1.bias", "head.pyramid1.bias"},
    {"head.classification_head.conv.0.weight", "head.class.tower0.weight"},
    {"head.classification_head.conv.6.weight", "head.class.tower3.weight"},
    {"head.classification_head.cls_logits.weight", "head.class.weight"},
    {"head.regression_head.conv.4.bias", "head.box.tower2.bias"},
};

StateDict named(const Names& names) {
  StateDict weights;
  for (const auto& [theirs, ours] : names) weights.set(theirs, zeros({1}));
  return weights;
}

void expect_translated(const Names& names, std::string_view table) {
  const StateDict weights = named(names);
  const NameTable* const found = name_table_for(weights);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->name, table);
  const StateDict ours = found->translate(weights, {});
  for (const auto& [theirs, name] : names) EXPECT_TRUE(ours.contains(name)) << theirs;
}

TEST(DetectorNames, AreTorchvisions) {
  expect_translated(kSsdliteNames, "torchvision_ssdlite");
  expect_translated(kRetinaNetNames, "torchvision_retinanet_frozen");
  expect_translated(kOldRetinaNetNames, "torchvision_retinanet_frozen");
  Names counting = kRetinaNetNames;
  counting.emplace_back("backbone.body.bn1.num_batches_tracked", "bn1.num_batches_tracked");
  expect_translated(counting, "torchvision_retinanet");
}

TEST(DetectorNames, LeaveFrozenNormalisationsWithoutEpsilon) {
  Blueprint blueprint = retinanet_resnet50({.size = 64, .classes = 1});
  name_table_for(named(kRetinaNetNames))->adapt(blueprint);
  std::size_t norms = 0;
  for (const Node& node : blueprint.graph.nodes) {
    if (node.op != "BatchNormalization") continue;
    ++norms;
    EXPECT_EQ(std::get<float>(node.attributes.at("epsilon")), 0.0F) << node.name;
  }
  EXPECT_EQ(norms, 53U);
}

}  // namespace
}  // namespace enxerto
