#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// ConvNeXt-Tiny (Liu et al. 2022, arXiv:2201.03545) as torchvision builds it.
struct ConvNextConfig {
  std::int64_t size = 224;  ///< at least 32 pixels a side
  std::int64_t classes = 1000;
};

/// Input "input" (batch, 3, size, size), output "logits" (batch, classes). Parameters are named as in torchvision.
/// Stages: stem, blocks0 .. blocks3 (each with the downsampling before it), head (from the pooling on: normalisation
/// and dense layer). Throws Error{usage} for a size below 32 or less than one class.
Blueprint convnext_tiny(const ConvNextConfig& config);

}  // namespace enxerto
