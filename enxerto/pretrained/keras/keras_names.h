#pragma once
#include <string>
#include <string_view>

namespace enxerto {

/// How keras.applications names the layers of a network.
struct KerasFamily {
  /// Whether it is the family of this network of the zoo ("keras_resnet50").
  bool (*serves)(std::string_view network);

  /// Keras's name of a layer of the network ("layer1.0.conv1" -> "conv2_block1_1_conv"); "" where Keras numbers it.
  std::string (*name)(std::string_view ours);
};

/// nullptr for a network that Keras does not have.
const KerasFamily* keras_family(std::string_view network);

}  // namespace enxerto
