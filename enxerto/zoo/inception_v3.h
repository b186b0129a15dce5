#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// InceptionV3 (Szegedy et al. 2015, arXiv:1512.00567) as torchvision builds it, without the auxiliary classifier,
/// which only training from scratch uses.
struct InceptionV3Config {
  std::int64_t size = 299;  ///< at least 75 pixels a side
  std::int64_t classes = 1000;
  /// The network wants (x - 0.5) / 0.5. True: it gets pictures normalised with torchvision's usual mean and deviation,
  /// and turns them into that first (torchvision's `transform_input`). False: the preprocessing gives it that.
  bool transform_input = false;
  bool keras =
      false;  ///< as keras.applications builds it: normalisations without scale, average pooling without padding
};

/// Input "input" (batch, 3, size, size), output "logits" (batch, classes). Parameters are named as in torchvision.
/// Stages: stem, Mixed_5b .. Mixed_5d, Mixed_6a .. Mixed_6e, Mixed_7a .. Mixed_7c, head (from the pooling on). Throws
/// Error{usage} for a size below 75 or less than one class.
Blueprint inception_v3(const InceptionV3Config& config);

}  // namespace enxerto
