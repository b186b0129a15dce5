#include "enxerto/pretrained/names_segmenters.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/pretrained/rename.h"

namespace enxerto {
namespace {

constexpr Rename kFcnNames[] = {
    {"^classifier.0.", "head.narrow."},
    {"^classifier.1.", "head.narrow.norm."},
    {"^classifier.4.", "head.scores."},
};
constexpr Rename kDeepLabNames[] = {
    {"^classifier.1.", "head.refine."},
    {"^classifier.2.", "head.refine.norm."},
    {"^classifier.4.", "head.scores."},
    {"^classifier.0.convs.4.1.", "head.aspp4."},
    {"^classifier.0.convs.4.2.", "head.aspp4.norm."},
    {"^classifier.0.project.0.", "head.project."},
    {"^classifier.0.project.1.", "head.project.norm."},
    {"^classifier.0.convs.", "head.aspp"},
    {".0.weight", ".weight"},
    {".1.weight", ".norm.weight"},
    {".1.bias", ".norm.bias"},
    {".1.running_mean", ".norm.running_mean"},
    {".1.running_var", ".norm.running_var"},
};
constexpr Rename kLrasppNames[] = {
    {"^classifier.cbr.0.", "head.deep."},
    {"^classifier.cbr.1.", "head.deep.norm."},
    {"^classifier.scale.1.", "head.gate."},
    {"^classifier.low_classifier.", "head.fine.scores."},
    {"^classifier.high_classifier.", "head.deep.scores."},
};
constexpr std::string_view kBackbone = "backbone.", kHeadOfTheirs = "classifier.", kAuxiliaryHead = "aux_classifier.";
constexpr std::string_view kFineNorm = "head.fine.norm.";

/// ResNet's parts have names, MobileNet's blocks are numbers there and "features." here.
std::string body_name(std::string_view name) {
  const bool numbered = !name.empty() && name.front() >= '0' && name.front() <= '9';
  return (numbered ? "features." : "") + std::string(name);
}

bool has_parameter(const Blueprint& blueprint, std::string_view name) {
  return std::ranges::find(blueprint.parameters, name, &ParameterSpec::name) != blueprint.parameters.end();
}

StateDict translated(const StateDict& weights, const Blueprint& blueprint, std::span<const Rename> head) {
  const bool scores = has_parameter(blueprint, "head.scores.weight") || has_parameter(blueprint, "head.gate.weight");
  StateDict ours;
  for (const auto& [name, tensor] : weights) {
    if (name.starts_with(kAuxiliaryHead)) continue;
    if (name.starts_with(kBackbone))
      ours.set(body_name(std::string_view(name).substr(kBackbone.size())), tensor);
    else
      ours.set(scores && name.starts_with(kHeadOfTheirs) ? renamed(name, head) : name, tensor);
  }
  return ours;
}

/// A normalisation that changes nothing.
void set_identity(StateDict& weights, const ParameterSpec& spec) {
  constexpr float kEpsilon = 1e-5F;
  float value = spec.name.ends_with("running_var") ? 1 : 0;
  if (spec.name.ends_with("norm.weight")) value = std::sqrt(1 + kEpsilon);
  const std::vector<float> values(element_count(spec.shape), value);
  weights.set(spec.name, Tensor::of<float>(spec.shape, std::span<const float>(values)));
}

bool has_body(const StateDict& weights) {
  return weights.contains("backbone.conv1.weight") || weights.contains("backbone.0.0.weight");
}

bool recognises_fcn(const StateDict& weights) {
  return has_body(weights) && weights.contains("classifier.0.weight") && weights.contains("classifier.4.weight");
}
bool recognises_deeplab(const StateDict& weights) {
  return has_body(weights) && weights.contains("classifier.0.convs.0.0.weight");
}
bool recognises_lraspp(const StateDict& weights) {
  return has_body(weights) && weights.contains("classifier.low_classifier.weight");
}

StateDict translate_fcn(const StateDict& weights, const Blueprint& blueprint) {
  return translated(weights, blueprint, kFcnNames);
}
StateDict translate_deeplab(const StateDict& weights, const Blueprint& blueprint) {
  return translated(weights, blueprint, kDeepLabNames);
}
StateDict translate_lraspp(const StateDict& weights, const Blueprint& blueprint) {
  StateDict ours = translated(weights, blueprint, kLrasppNames);
  for (const ParameterSpec& spec : blueprint.parameters)
    if (spec.name.starts_with(kFineNorm)) set_identity(ours, spec);
  return ours;
}

constexpr NameTable kSegmenterTables[] = {
    {"torchvision_fcn", recognises_fcn, translate_fcn},
    {"torchvision_deeplab", recognises_deeplab, translate_deeplab},
    {"torchvision_lraspp", recognises_lraspp, translate_lraspp},
};

}  // namespace

std::span<const NameTable> segmenter_names() { return kSegmenterTables; }

}  // namespace enxerto
