#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// VGG (Simonyan and Zisserman 2014, arXiv:1409.1556) as torchvision builds it: a map that is not 7 x 7 is brought to
/// that by its adaptive average pooling.
struct VggConfig {
  int depth = 16;           ///< 11, 13, 16 or 19
  bool batch_norm = false;  ///< a batch normalisation behind each convolution
  std::int64_t size = 224;  ///< at least 32: each of the five blocks halves it
  std::int64_t classes = 1000;
  std::int64_t hidden = 4096;  ///< width of the two dense layers before the last
};

/// Input "input" (batch, 3, size, size), output "logits" (batch, classes). Parameters are named as in torchvision.
/// Stages: block1 .. block5 (each up to its pooling), head (from the 7 x 7 pooling on). Throws Error{usage} for another
/// depth, a size below 32, or less than one class or hidden unit.
Blueprint vgg(const VggConfig& config);

}  // namespace enxerto
