#include "enxerto/pretrained/names_torchvision.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace enxerto {
namespace {

/// One of these, whole, is in every file of a family: its first convolution.
constexpr std::string_view kFirst[] = {
    "features.0.weight",          // VGG
    "features.0.0.weight",        // MobileNet, EfficientNet, ConvNeXt
    "features.conv0.weight",      // DenseNet
    "Conv2d_1a_3x3.conv.weight",  // InceptionV3
    "stem.0.weight",              // RegNet
};

constexpr std::string_view kAuxiliary = "AuxLogits.";
constexpr std::string_view kDenseLayer = ".denselayer";
constexpr std::string_view kOldParts[] = {".norm.1.", ".norm.2.", ".conv.1.", ".conv.2."};

/// "...denselayer3.norm.1.weight" -> "...denselayer3.norm1.weight"; other names as they are.
std::string renamed(const std::string& name) {
  const std::size_t layer = name.find(kDenseLayer);
  if (layer == std::string::npos) return name;
  for (const std::string_view part : kOldParts) {
    const std::size_t at = name.find(part, layer);
    if (at == std::string::npos) continue;
    std::string result = name;
    return result.erase(at + part.rfind('.', part.size() - 2), 1);
  }
  return name;
}

}  // namespace

bool recognises_torchvision(const StateDict& weights) {
  if (weights.contains("conv1.weight") && weights.contains("layer1.0.conv1.weight")) return true;
  return std::any_of(std::begin(kFirst), std::end(kFirst),
                     [&](std::string_view name) { return weights.contains(name); });
}

StateDict translate_torchvision(const StateDict& weights, const Blueprint& /*blueprint*/) {
  StateDict ours;
  for (const auto& [name, tensor] : weights)
    if (!name.starts_with(kAuxiliary)) ours.set(renamed(name), tensor);
  return ours;
}

}  // namespace enxerto
