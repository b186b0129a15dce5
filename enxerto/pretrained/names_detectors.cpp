#include "enxerto/pretrained/names_detectors.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "enxerto/graph/head_stage.h"
#include "enxerto/pretrained/rename.h"

namespace enxerto {
namespace {

/// The names that begin so, and what becomes of them.
struct Part {
  std::string_view begins;
  std::span<const Rename> table;
};

constexpr Rename kMobileNet[] = {
    {"^backbone.features.1.0.", "features.13.block."},    {"^backbone.features.1.1.", "features.14."},
    {"^backbone.features.1.2.", "features.15."},          {"^backbone.features.1.3.", "features.16."},
    {"^backbone.features.0.13.", "features.13.block.0."}, {"^backbone.features.0.", "features."},
};
constexpr Rename kExtras[] = {
    {"^backbone.extra.", "head.extra"}, {".0.0.", ".reduce."}, {".0.1.", ".reduce.norm."}, {".1.0.", ".depthwise."},
    {".1.1.", ".depthwise.norm."},      {".2.0.", ".expand."}, {".2.1.", ".expand.norm."},
};
constexpr Rename kClassMaps[] = {
    {"^head.classification_head.module_list.", "head.map"},
    {".0.0.", ".class.depthwise."},
    {".0.1.", ".class.depthwise.norm."},
    {".1.", ".class."},
};
constexpr Rename kBoxMaps[] = {
    {"^head.regression_head.module_list.", "head.map"},
    {".0.0.", ".box.depthwise."},
    {".0.1.", ".box.depthwise.norm."},
    {".1.", ".box."},
};
constexpr Part kSsdlite[] = {
    {"backbone.features.", kMobileNet},
    {"backbone.extra.", kExtras},
    {"head.classification_head.", kClassMaps},
    {"head.regression_head.", kBoxMaps},
};

constexpr Rename kResNet[] = {{"^backbone.body.", ""}};
constexpr Rename kLaterals[] = {
    {"^backbone.fpn.inner_blocks.", "head.pyramid"},
    {".0.weight", ".weight"},
    {".0.bias", ".bias"},
    {".weight", ".lateral.weight"},
    {".bias", ".lateral.bias"},
};
constexpr Rename kPyramid[] = {
    {"^backbone.fpn.layer_blocks.", "head.pyramid"},
    {".0.weight", ".weight"},
    {".0.bias", ".bias"},
};
constexpr Rename kSmallMaps[] = {
    {"^backbone.fpn.extra_blocks.p6.", "head.pyramid3."},
    {"^backbone.fpn.extra_blocks.p7.", "head.pyramid4."},
};
constexpr Rename kClassTower[] = {
    {"^head.classification_head.cls_logits.", "head.class."},
    {"^head.classification_head.conv.", "head.class.tower"},
    {".0.weight", ".weight"},
    {".0.bias", ".bias"},
};
constexpr Rename kBoxTower[] = {
    {"^head.regression_head.bbox_reg.", "head.box."},
    {"^head.regression_head.conv.", "head.box.tower"},
    {".0.weight", ".weight"},
    {".0.bias", ".bias"},
};
/// Before version 0.13 activations had numbers between the convolutions.
constexpr Rename kOldTower[] = {
    {".conv.2.", ".conv.1.0."},
    {".conv.4.", ".conv.2.0."},
    {".conv.6.", ".conv.3.0."},
};
constexpr Part kRetinaNet[] = {
    {"backbone.body.", kResNet},
    {"backbone.fpn.inner_blocks.", kLaterals},
    {"backbone.fpn.layer_blocks.", kPyramid},
    {"backbone.fpn.extra_blocks.", kSmallMaps},
    {"head.classification_head.", kClassTower},
    {"head.regression_head.", kBoxTower},
};

StateDict renamed_parts(const StateDict& weights, std::span<const Part> parts) {
  StateDict ours;
  for (const auto& [name, tensor] : weights) {
    const auto part = std::ranges::find_if(parts, [&](const Part& one) { return name.starts_with(one.begins); });
    ours.set(part == parts.end() ? name : renamed(name, part->table), tensor);
  }
  return ours;
}

bool recognises_ssdlite(const StateDict& weights) {
  return weights.contains("backbone.features.0.0.0.weight") &&
         weights.contains("head.classification_head.module_list.0.0.0.weight");
}
StateDict translate_ssdlite(const StateDict& weights, const Blueprint& /*blueprint*/) {
  return renamed_parts(weights, kSsdlite);
}

bool recognises_retinanet(const StateDict& weights) {
  return weights.contains("backbone.body.conv1.weight") &&
         weights.contains("head.classification_head.cls_logits.weight");
}
bool recognises_frozen_retinanet(const StateDict& weights) {
  return recognises_retinanet(weights) && !weights.contains("backbone.body.bn1.num_batches_tracked");
}
StateDict translate_retinanet(const StateDict& weights, const Blueprint& /*blueprint*/) {
  const bool old = weights.contains("head.classification_head.conv.6.weight");
  if (!old) return renamed_parts(weights, kRetinaNet);
  StateDict numbered;
  for (const auto& [name, tensor] : weights)
    numbered.set(name.starts_with("head.") ? renamed(name, kOldTower) : name, tensor);
  return renamed_parts(numbered, kRetinaNet);
}
void without_epsilon(Blueprint& blueprint) {
  for (Node& node : blueprint.graph.nodes)
    if (node.op == "BatchNormalization" && node.stage != kHeadStage) node.attributes["epsilon"] = 0.0F;
}

constexpr NameTable kDetectorTables[] = {
    {"torchvision_ssdlite", recognises_ssdlite, translate_ssdlite},
    {"torchvision_retinanet_frozen", recognises_frozen_retinanet, translate_retinanet, without_epsilon},
    {"torchvision_retinanet", recognises_retinanet, translate_retinanet},
};

}  // namespace

std::span<const NameTable> detector_names() { return kDetectorTables; }

}  // namespace enxerto
