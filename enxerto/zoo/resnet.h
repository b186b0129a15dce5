#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "enxerto/graph/blueprint.h"
#include "enxerto/graph/builder.h"

namespace enxerto {

/// ResNet (He et al. 2015, arXiv:1512.03385) as torchvision builds it: "v1.5", with the stride of a bottleneck at its
/// 3 x 3 convolution.
struct ResNetConfig {
  int depth = 50;  ///< 18, 34, 50, 101 or 152
  std::int64_t size = 224;
  std::int64_t classes = 1000;
  /// The input over the last map, 32 or 8: layer3 and layer4 have holes in place of strides (bottlenecks only; the
  /// first block of a layer has those of the layer before).
  std::int64_t output_stride = 32;
};

/// Input "input" (batch, 3, size, size), output "logits" (batch, classes). Parameters are named as in torchvision.
/// Stages: stem, layer1 .. layer4, head (from the pooling on). Throws Error{usage} for another depth or sizes below 1.
Blueprint resnet(const ResNetConfig& config);

/// The same up to the head behind `x`, in a network that is being written: what the stages layer1 .. layer4 output.
std::array<std::string, 4> add_resnet_body(GraphBuilder& net, std::string x, const ResNetConfig& config);

}  // namespace enxerto
