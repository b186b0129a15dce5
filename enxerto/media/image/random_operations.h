#pragma once
#include <span>
#include <string_view>

#include "enxerto/base/rng.h"
#include "enxerto/media/image/affine.h"
#include "enxerto/media/image/image.h"

namespace enxerto {

/// Steps of RandAugment's magnitude, 0 to 30.
inline constexpr int kLargestMagnitude = 30;

/// An operation of RandAugment (Cubuk et al. 2020), with torchvision's ranges and its sampling (nearest, black).
struct RandomOperation {
  std::string_view name;  ///< torchvision's: "Identity", "ShearX", ..
  bool is_signed;         ///< whether it works in two directions, each as likely
  /// The operation's strength in its own unit for a magnitude of 0 to 30 and a side of the picture in px.
  double (*strength)(int magnitude, int width, int height);
  void (*apply)(Image& image, double strength);
  /// Where each pixel of the changed picture comes from; null where pixels stay where they are.
  AffineMatrix (*origin)(double strength, int width, int height) = nullptr;
};

/// All 14, in torchvision's order.
std::span<const RandomOperation> random_operations();

/// Which operations are applied: `count` drawn from all, with repetition, each at this magnitude and a random sign.
struct RandomOperations {
  int count = 0, magnitude = 9;
  RandomKey key = {};
};
void apply_random_operations(Image& image, const RandomOperations& drawn);

/// Where each pixel of a picture of this size comes from after `apply_random_operations`.
AffineMatrix origin_after(const RandomOperations& drawn, int width, int height);

}  // namespace enxerto
