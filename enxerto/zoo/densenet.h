#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// DenseNet-121 (Huang et al. 2016, arXiv:1608.06993) as torchvision builds it.
struct DenseNetConfig {
  std::int64_t size = 224;  ///< at least 32 pixels a side
  std::int64_t classes = 1000;
  bool keras = false;  ///< as keras.applications builds it: another epsilon
};

/// Input "input" (batch, 3, size, size), output "logits" (batch, classes). Parameters are named as in torchvision.
/// Stages: stem, denseblock1, transition1, .. denseblock4, features (the last normalisation), head (from the pooling
/// on). Throws Error{usage} for a size below 32 or less than one class.
Blueprint densenet121(const DenseNetConfig& config);

}  // namespace enxerto
