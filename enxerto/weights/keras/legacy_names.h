#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// The name of a tensor of a legacy file: "<layer>/<variable>", for the weight `weight` of the layer `layer`. Names of
/// the model in front, of the scope ("conv_1" for "conv"), ":0" behind and Keras 1's words are taken away.
///   ("conv1", "conv1/kernel:0"), ("conv1", "model/conv1/kernel"), ("conv1", "conv1_W_1:0") -> "conv1/kernel"
///   ("resnet50", "conv1/kernel:0") -> "resnet50/conv1/kernel"
std::string legacy_variable_name(std::string_view layer, std::string_view weight);

/// The same for all weights of a layer, in an order that keeps the variables of a layer inside of it together: a nested
/// model stores what is trained first and its moving statistics behind.
struct LegacyVariable {
  std::string name;
  std::size_t weight = 0;  ///< its index among the weights
};
std::vector<LegacyVariable> legacy_variables(std::string_view layer, const std::vector<std::string>& weights);

}  // namespace enxerto
