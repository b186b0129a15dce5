#pragma once
#include <span>
#include <string_view>

#include "enxerto/base/rng.h"
#include "enxerto/media/image/random_change.h"

namespace enxerto {

/// One random change of a picture: what it draws, and what becomes of the picture.
struct AugmentStep {
  /// Of its random numbers, which no other step has; never changed, as the pixels of a seed would change with it.
  std::string_view purpose;
  bool (*on)(const Augmentation& augmentation);
  void (*draw)(const Augmentation& augmentation, const DrawnFor& drawn_for, Rng rng, PictureChange& change);
  /// Of the picture at the network's size; null for what is done elsewhere: crop (before the resize), rotate and zoom
  /// (one affine change), erase (after the normalisation).
  void (*apply)(Image& view, const PictureChange& change);
};

/// In the order in which they are drawn, and done.
std::span<const AugmentStep> geometry_steps();

/// Done in an order that is drawn too.
std::span<const AugmentStep> colour_steps();

}  // namespace enxerto
