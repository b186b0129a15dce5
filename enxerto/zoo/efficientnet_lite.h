#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// EfficientNet-Lite (Tan and Le 2019, arXiv:1905.11946; the Lite variants of TensorFlow's TPU repository, 2020):
/// EfficientNet without squeeze-and-excitation, with ReLU6, stem and head of one width in all sizes.
struct EfficientNetLiteConfig {
  int variant = 0;          ///< 0 to 4
  std::int64_t size = 224;  ///< pixels a side
  std::int64_t classes = 1000;
};

/// Input "input" (batch, 3, size, size), output "logits" (batch, classes). TensorFlow's "same" padding. Parameters are
/// named as in timm's tf_efficientnet_lite*. Stages: stem, blocks0 .. blocks6, features, head (from the pooling on).
/// Throws Error{usage} for another variant or sizes below 1.
Blueprint efficientnet_lite(const EfficientNetLiteConfig& config);

}  // namespace enxerto
