#include "enxerto/pretrained/names_keras.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/pretrained/keras/keras_layers.h"
#include "enxerto/pretrained/keras/keras_layout.h"
#include "enxerto/pretrained/keras/keras_names.h"
#include "enxerto/pretrained/keras/keras_pairing.h"
#include "enxerto/pretrained/keras/keras_stored.h"

namespace enxerto {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;  // ours, Keras's

constexpr std::array<Pair, 2> kOfKernels{{{"weight", "kernel"}, {"bias", "bias"}}};
constexpr std::array<Pair, 2> kOfDepthwise{{{"weight", "depthwise_kernel"}, {"bias", "bias"}}};
constexpr std::array<Pair, 4> kOfNorms{
    {{"weight", "gamma"}, {"bias", "beta"}, {"running_mean", "moving_mean"}, {"running_var", "moving_variance"}}};

std::span<const Pair> variables_of(KerasKind kind) {
  if (kind == KerasKind::normalisation) return kOfNorms;
  return kind == KerasKind::depthwise ? kOfDepthwise : kOfKernels;
}

constexpr std::string_view class_of(KerasKind kind) {
  switch (kind) {
    case KerasKind::convolution:
      return "conv2d";
    case KerasKind::depthwise:
      return "depthwise_conv2d";
    case KerasKind::dense:
      return "dense";
    case KerasKind::normalisation:
      return "batch_normalization";
  }
  return "";
}

/// A tensor of the file, the layer it goes to (nullptr: none) and what it is called there.
struct Move {
  const StateDict::Entry* entry;
  const WeightedKerasLayer* layer;
  std::string name;

  bool is_kernel() const { return layer != nullptr && name.ends_with(".weight"); }
};

std::vector<Move> moves_of(const std::vector<WeightedKerasLayer>& ours, const std::vector<KerasStored>& stored,
                           const KerasPairing& pairing) {
  std::vector<const WeightedKerasLayer*> targets(stored.size(), nullptr);
  for (std::size_t i = 0; i < ours.size(); ++i)
    if (pairing[i]) targets[*pairing[i]] = &ours[i];
  std::vector<Move> moves;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    for (const StateDict::Entry* entry : stored[i].variables) {
      const std::string_view variable = torch_variable(keras_variable(entry->first));
      const bool known = targets[i] != nullptr && !variable.empty();
      moves.push_back({entry, known ? targets[i] : nullptr,
                       known ? fmt::format("{}.{}", targets[i]->ours, variable) : entry->first});
    }
  }
  return moves;
}

/// True where everything goes to a layer with room for it; how wide the last layer is, the file decides.
bool all_fit(const std::vector<Move>& moves, const Blueprint& blueprint, std::string_view classifier) {
  std::unordered_map<std::string_view, const Shape*> wanted;
  for (const ParameterSpec& spec : blueprint.parameters) wanted.emplace(spec.name, &spec.shape);
  return std::all_of(moves.begin(), moves.end(), [&](const Move& move) {
    const auto want = wanted.find(move.name);
    if (want == wanted.end()) return false;
    if (move.layer != nullptr && move.layer->ours == classifier) return true;
    const Shape& shape = move.entry->second.shape();
    return (move.is_kernel() ? kernel_shape_from_keras(shape, *move.layer) : shape) == *want->second;
  });
}

/// Under the shape that it would have. Laying out hundreds of megabytes only to say that they do not fit is a waste.
Tensor outlined(const Move& move) {
  const Tensor& tensor = move.entry->second;
  return move.is_kernel() ? tensor.reshaped(kernel_shape_from_keras(tensor.shape(), *move.layer)) : tensor;
}

/// Names of the layers in the order in which they are made, which is the order of their numbers.
std::vector<std::string> names_of(const std::vector<WeightedKerasLayer>& layers, const KerasFamily& family) {
  std::array<int, 4> made{};
  std::vector<std::string> names;
  for (const WeightedKerasLayer& layer : layers) {
    std::string name = family.name(layer.ours);
    if (name.empty()) {
      const int number = made.at(static_cast<std::size_t>(layer.kind))++;
      name = number == 0 ? std::string(class_of(layer.kind)) : fmt::format("{}_{}", class_of(layer.kind), number);
    }
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

bool recognises_keras(const StateDict& weights) {
  return std::any_of(weights.begin(), weights.end(), [](const StateDict::Entry& entry) {
    return entry.first.find('/') != std::string::npos && !torch_variable(keras_variable(entry.first)).empty();
  });
}

StateDict translate_keras(const StateDict& weights, const Blueprint& blueprint) {
  if (keras_family(blueprint.graph.name) == nullptr) return weights;
  const std::vector<WeightedKerasLayer> ours = keras_layers(blueprint);
  const std::vector<KerasStored> stored = keras_stored_layers(weights);
  const std::vector<Move> moves = moves_of(ours, stored, pair_with_keras(blueprint, ours, stored));
  std::string_view classifier;
  for (const WeightedKerasLayer& layer : ours)
    if (layer.kind == KerasKind::dense) classifier = layer.ours;
  const bool fits = all_fit(moves, blueprint, classifier);
  StateDict translated;
  for (const Move& move : moves) {
    const Tensor& tensor = move.entry->second;
    if (!fits)
      translated.set(move.name, outlined(move));
    else
      translated.set(move.name, move.is_kernel() ? kernel_from_keras(tensor, *move.layer) : tensor);
  }
  return translated;
}

StateDict keras_state_dict(const StateDict& ours, const Blueprint& blueprint) {
  const KerasFamily* const family = keras_family(blueprint.graph.name);
  if (family == nullptr)
    throw weights_error(blueprint.graph.name, "keras.applications has no such network",
                        "vgg16, vgg19 or a network whose name begins with keras_",
                        "export to ONNX, which is read everywhere");
  const std::vector<WeightedKerasLayer> layers = keras_layers(blueprint);
  const std::vector<std::string> names = names_of(layers, *family);
  StateDict theirs;
  for (const std::size_t i : keras_model_order(blueprint, layers)) {
    for (const auto& [mine, keras] : variables_of(layers[i].kind)) {
      const Tensor* const tensor = ours.find(fmt::format("{}.{}", layers[i].ours, mine));
      if (tensor == nullptr) continue;
      theirs.set(fmt::format("{}/{}", names[i], keras),
                 mine == "weight" ? kernel_to_keras(*tensor, layers[i]) : *tensor);
    }
  }
  return theirs;
}

}  // namespace enxerto
