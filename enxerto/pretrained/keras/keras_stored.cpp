#include "enxerto/pretrained/keras/keras_stored.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace enxerto {
namespace {

struct Word {
  std::string_view keras, torch;
};
constexpr Word kVariableWords[] = {{"kernel", "weight"},
                                   {"depthwise_kernel", "weight"},
                                   {"gamma", "weight"},
                                   {"bias", "bias"},
                                   {"beta", "bias"},
                                   {"moving_mean", "running_mean"},
                                   {"moving_variance", "running_var"}};

bool has(const KerasStored& layer, std::string_view variable) {
  return std::any_of(layer.variables.begin(), layer.variables.end(),
                     [&](const StateDict::Entry* entry) { return keras_variable(entry->first) == variable; });
}

/// Keras 3 calls a depthwise kernel (h, w, channels, 1) `kernel` too; nobody convolves many channels to a single one.
KerasKind kind_of_kernel(const Shape& shape) {
  if (shape.size() == 2) return KerasKind::dense;
  return shape[3] == 1 && shape[2] > 1 ? KerasKind::depthwise : KerasKind::convolution;
}

std::optional<KerasKind> kind_of(const KerasStored& layer) {
  for (const StateDict::Entry* entry : layer.variables)
    if (torch_variable(keras_variable(entry->first)).empty()) return std::nullopt;
  if (has(layer, "moving_mean")) return KerasKind::normalisation;
  const Tensor* const kernel = layer.kernel();
  if (kernel == nullptr || (kernel->shape().size() != 2 && kernel->shape().size() != 4)) return std::nullopt;
  return has(layer, "depthwise_kernel") ? KerasKind::depthwise : kind_of_kernel(kernel->shape());
}

}  // namespace

const Tensor* KerasStored::kernel() const {
  for (const StateDict::Entry* entry : variables)
    if (keras_variable(entry->first).ends_with("kernel")) return &entry->second;
  return nullptr;
}

std::string_view keras_variable(std::string_view name) { return name.substr(name.rfind('/') + 1); }

std::string_view torch_variable(std::string_view variable) {
  for (const Word& word : kVariableWords)
    if (word.keras == variable) return word.torch;
  return "";
}

std::vector<KerasStored> keras_stored_layers(const StateDict& weights) {
  std::vector<KerasStored> layers;
  std::unordered_map<std::string_view, std::size_t> positions;
  for (const StateDict::Entry& entry : weights) {
    const std::size_t slash = entry.first.rfind('/');
    const std::string_view path = std::string_view(entry.first).substr(0, slash == std::string::npos ? 0 : slash);
    const auto [position, is_new] = positions.emplace(path, layers.size());
    if (is_new) layers.push_back({.path = std::string(path), .kind = std::nullopt, .variables = {}});
    layers[position->second].variables.push_back(&entry);
  }
  for (KerasStored& layer : layers) layer.kind = kind_of(layer);
  return layers;
}

}  // namespace enxerto
