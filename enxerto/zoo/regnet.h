#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// RegNetX (Radosavovic et al. 2020, arXiv:2003.13678) as torchvision builds it.
struct RegNetXConfig {
  int megaflops = 400;  ///< 400, 800, 1600 or 3200: which of the paper's networks
  std::int64_t size = 224;
  std::int64_t classes = 1000;
};

/// Input "input" (batch, 3, size, size), output "logits" (batch, classes). Parameters are named as in torchvision.
/// Stages: stem, block1 .. block4, head (from the pooling on). Throws Error{usage} for another network or sizes
/// below 1.
Blueprint regnet_x(const RegNetXConfig& config);

}  // namespace enxerto
