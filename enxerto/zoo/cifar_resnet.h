#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// The residual network for small pictures of He et al. 2015 (arXiv:1512.03385), section 4.2: a 3 x 3 convolution and
/// no pooling before three stages of 16, 32 and 64 channels. Shortcuts that change the shape are 1 x 1 convolutions
/// (their option B), so that all of it is named as torchvision names a ResNet.
struct CifarResNetConfig {
  int depth = 20;  ///< 6 n + 2: 8, 14, 20 .. 110
  std::int64_t size = 32;
  std::int64_t classes = 10;
};

/// Input "input" (batch, 3, size, size), output "logits" (batch, classes). Stages: stem, layer1 .. layer3, head (from
/// the pooling on). Throws Error{usage} for another depth or sizes below 1.
Blueprint cifar_resnet(const CifarResNetConfig& config);

}  // namespace enxerto
