#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// EfficientNet-B0 to B4 (Tan and Le 2019, arXiv:1905.11946) as torchvision builds it.
struct EfficientNetConfig {
  int variant = 0;          ///< 0 to 4
  std::int64_t size = 224;  ///< pixels a side
  std::int64_t classes = 1000;
};

/// Input "input" (batch, 3, size, size), output "logits" (batch, classes). Parameters are named as in torchvision.
/// Stages: stem, blocks0 .. blocks6, features, head (from the pooling on). Throws Error{usage} for another variant or
/// sizes below 1.
Blueprint efficientnet(const EfficientNetConfig& config);

}  // namespace enxerto
