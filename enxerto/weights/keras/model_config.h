#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// What a Keras model's configuration says about one of its layers.
struct KerasLayer {
  std::string name, kind;            ///< `kind` is its class in snake case
  std::string component;             ///< what `.weights.h5` calls it: the class with its number in the model
  bool scale = true, center = true;  ///< of a normalisation: whether it has gamma and beta
  std::vector<KerasLayer> layers;    ///< of a model, in order
  std::vector<KerasLayer> wrapped;   ///< the layer inside of a wrapper such as TimeDistributed, or none
};

/// The model that `text` (config.json of a `.keras`, the attribute `model_config` of an `.h5`) describes; nothing where
/// it is not a model's configuration.
std::optional<KerasLayer> parse_model_config(std::string_view text);

}  // namespace enxerto
