#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381) as torchvision builds it, or Keras.
struct MobileNetV2Config {
  double width = 1.0;       ///< factor on all widths, 0.35 to 1.4 in the paper; above 0, at most 4
  std::int64_t size = 224;  ///< pixels a side
  std::int64_t classes = 1000;
  bool keras = false;  ///< as keras.applications builds it: epsilon 1e-3, the odd pixel of padding at the end
};

/// Input "input" (batch, 3, size, size), output "logits" (batch, classes). Parameters are named as in torchvision.
/// Stages: stem, blocks0 .. blocks6, features, head (from the pooling on). Throws Error{usage} for a width out of its
/// range or sizes below 1.
Blueprint mobilenet_v2(const MobileNetV2Config& config);

}  // namespace enxerto
