#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// MobileNetV3 (Howard et al. 2019, arXiv:1905.02244) as torchvision builds it.
struct MobileNetV3Config {
  bool small = false;       ///< MobileNetV3-Small instead of -Large
  std::int64_t size = 224;  ///< pixels a side
  std::int64_t classes = 1000;
};

/// Input "input" (batch, 3, size, size), output "logits" (batch, classes). Parameters are named as in torchvision.
/// Stages: stem, blocks0 .. blocks5 (small: blocks4; blocks of one width together), features, head (from the pooling
/// on, two dense layers). Throws Error{usage} for sizes below 1.
Blueprint mobilenet_v3(const MobileNetV3Config& config);

}  // namespace enxerto
