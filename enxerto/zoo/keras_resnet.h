#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// ResNet as keras.applications builds it. Version 1 (He et al. 2015, arXiv:1512.03385) is the paper's: the stride of a
/// bottleneck is at its first 1 x 1 convolution; all convolutions have biases. Version 2 (He et al. 2016,
/// arXiv:1603.05027) normalises before each convolution and halves the map in the last block of a layer.
struct KerasResNetConfig {
  int depth = 50;  ///< 50, 101 or 152
  int version = 1;
  std::int64_t size = 224;
  std::int64_t classes = 1000;
};

/// Input "input" (batch, 3, size, size), output "logits" (batch, classes). Parameters are named as torchvision names
/// those of its ResNet; in version 2, bn1 .. bn3 stand before conv1 .. conv3, `downsample` is a convolution alone, and
/// `norm` is behind the last layer. Stages: stem, layer1 .. layer4, head (from the pooling on). Throws Error{usage} for
/// another depth or version, or sizes below 1.
Blueprint keras_resnet(const KerasResNetConfig& config);

}  // namespace enxerto
