#pragma once
#include <span>
#include <string_view>

#include "enxerto/base/rng.h"
#include "enxerto/base/setting.h"
#include "enxerto/media/image/random_change.h"

namespace enxerto {

/// One random change of a picture, whole but for its member of `Augmentation`: the key of a recipe, what it draws, and
/// what becomes of the picture.
struct AugmentStep {
  Setting<Augmentation> setting;  ///< a flag, or a number above 0, switches it on
  /// Of its random numbers, which no other step has; never changed, as the pixels of a seed would change with it.
  std::string_view purpose;
  void (*draw)(const Augmentation& augmentation, const DrawnFor& drawn_for, Rng rng, PictureChange& change);
  /// Of the picture at the network's size; null for what is done elsewhere: crop (before the resize), rotate and zoom
  /// (one affine change), erase (after the normalisation).
  void (*apply)(Image& view, const PictureChange& change);
};

bool is_on(const AugmentStep& step, Augmentation augmentation);

/// In the order in which they are drawn, and done.
std::span<const AugmentStep> geometry_steps();

/// Done in an order that is drawn too.
std::span<const AugmentStep> colour_steps();

}  // namespace enxerto
