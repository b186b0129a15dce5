#pragma once
#include "enxerto/base/rng.h"

namespace enxerto {

/// One draw of mixup or cutmix: how much of the first example stays, and where the second one's rectangle lies.
struct MixDraw {
  double lambda = 1;                ///< share of the first example, 0 to 1, from Beta(alpha, alpha)
  double across = 0.5, down = 0.5;  ///< centre of cutmix's rectangle as a share of the width and of the height
  bool operator==(const MixDraw&) const = default;
};

/// Mixup (Zhang et al. 2018): `lambda` times the first example and target plus 1 - `lambda` times the second. `alpha` 0
/// gives lambda 1. The same key gives the same draw; lambda is a multiple of 2^-20, so that the last bit of a
/// processor's logarithm does not show. Throws Error{usage} where `alpha` is negative or not a finite number.
MixDraw mix_draw(double alpha, const RandomKey& key);

/// The rectangle of the first example that the second one's values replace, and the share of the first that is left.
struct MixBox {
  int top = 0, left = 0, height = 0, width = 0;
  double lambda = 1;  ///< 1 - area of the rectangle / area of the whole: the weight of the first target
};

/// Cutmix (Yun et al. 2019): sides of sqrt(1 - lambda) of the picture's, or of a map's, cut off at its borders.
MixBox mix_box(const MixDraw& draw, int height, int width);

}  // namespace enxerto
