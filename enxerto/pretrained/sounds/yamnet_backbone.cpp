#include "enxerto/pretrained/sounds/yamnet_backbone.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/media/audio/sound_windows.h"
#include "enxerto/pretrained/keras/keras_layout.h"
#include "enxerto/pretrained/keras/keras_stored.h"
#include "enxerto/pretrained/sounds/filled_sound.h"
#include "enxerto/zoo/yamnet.h"

namespace enxerto {
namespace {

constexpr std::string_view kFirstKernel = "layer1/conv/kernel", kSecondKernel = "layer2/pointwise_conv/kernel";

/// How many units the kernel of a layer has, where it is there.
void take_width(const StateDict& tensors, const std::string& layer, std::int64_t& width) {
  const Tensor* const kernel = tensors.find(layer + "/kernel");
  if (kernel != nullptr && kernel->shape().size() == 4) width = kernel->shape()[3];
}

YamnetConfig widths_of(const StateDict& tensors) {
  YamnetConfig config;
  take_width(tensors, "layer1/conv", config.channels[0]);
  for (std::size_t i = 1; i < config.channels.size(); ++i)
    take_width(tensors, fmt::format("layer{}/pointwise_conv", i + 1), config.channels[i]);
  return config;
}

/// A tensor of the file under our name, "layer1.conv.bn.bias", laid out as ours.
void put(const KerasStored& layer, const StateDict::Entry& entry, StateDict& ours) {
  std::string name = layer.path;
  std::ranges::replace(name, '/', '.');
  const std::string_view variable = keras_variable(entry.first);
  const bool is_kernel = variable == "kernel" || variable == "depthwise_kernel";
  const KerasKind kind = name.ends_with("depthwise_conv") ? KerasKind::depthwise : KerasKind::convolution;
  const std::string_view word = variable == "depthwise_kernel" ? "weight" : torch_variable(variable);
  ours.set(
      word.empty() ? entry.first : fmt::format("{}.{}", name, word),
      is_kernel ? kernel_from_keras(entry.second, {.kind = kind, .ours = name, .node = 0, .map = {}}) : entry.second);
}

/// YAMNet's normalisations have no scale.
void scale_by_one(const Blueprint& blueprint, StateDict& ours) {
  for (const ParameterSpec& spec : blueprint.parameters) {
    if (!spec.name.ends_with(".bn.weight") || ours.contains(spec.name)) continue;
    const std::vector<float> ones(to_size(spec.shape.at(0)), 1.0F);
    ours.set(spec.name, Tensor::of<float>(spec.shape, std::span<const float>(ones)));
  }
}

}  // namespace

bool is_yamnet(const StateDict& tensors) {
  return tensors.contains(std::string(kFirstKernel)) && tensors.contains(std::string(kSecondKernel));
}

Backbone yamnet_backbone(const std::filesystem::path& file, const WeightFile& weights) {
  const YamnetConfig config = widths_of(weights.tensors);
  SoundParameters found{
      .blueprint = yamnet(config),
      .parameters = yamnet_constants(config),
      .preprocessor = sound_windows(
          {.rate = config.rate, .window = config.samples(), .step = config.patch_hop * config.hop}, file.string()),
      .name = "yamnet",
      .naming = "yamnet",
      .trained_from = "layer1"};
  for (const KerasStored& layer : keras_stored_layers(weights.tensors)) {
    for (const StateDict::Entry* const entry : layer.variables) {
      if (layer.path.starts_with("layer"))
        put(layer, *entry, found.parameters);
      else
        found.left_out.push_back(entry->first);
    }
  }
  scale_by_one(found.blueprint, found.parameters);
  return filled_sound(file, std::move(found), weights.tensors);
}

}  // namespace enxerto
