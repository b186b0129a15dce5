#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "enxerto/base/rng.h"
#include "enxerto/media/image/augment.h"
#include "enxerto/media/image/random_operations.h"

namespace enxerto {

/// A rectangle of a picture, px.
struct PixelBox {
  int left = 0, top = 0, width = 0, height = 0;
  bool operator==(const PixelBox&) const = default;
};

/// What is done to one picture: the random part of `augment_into`, drawn and not yet applied.
struct PictureChange {
  std::optional<PixelBox> crop;  ///< of the picture as it is; none: the preprocessing's own
  int left = 0, up = 0;          ///< by how many px the content moves, its border reflected
  double angle = 0, scale = 1;   ///< degrees clockwise; above 1 zooms in
  bool flip = false, vertical_flip = false;
  double brightness = 1, contrast = 1, saturation = 1;   ///< factors
  double hue = 0;                                        ///< share of the colour circle
  std::array<std::uint8_t, 4> colour_order{0, 1, 2, 3};  ///< of brightness, contrast, saturation, hue
  std::optional<PixelBox> erased;                        ///< of the network's input
};

/// The picture that a change is drawn for.
struct DrawnFor {
  PixelBox picture;  ///< the whole of it
  int size = 0;      ///< side of the network's input, px
};

/// Draws what `augmentation` asks for, for a picture of `width` x `height` px that becomes `size` x `size`. Each part
/// has random numbers of its own, so switching one on does not change another. RandAugment draws where it is applied.
PictureChange draw_change(const Augmentation& augmentation, const PixelBox& picture, int size, const RandomKey& key);

/// A change with what it was drawn from.
struct DrawnChange {
  const Augmentation& augmentation;
  const PictureChange& change;
  const RandomKey& key;
};

/// Of RandAugment.
RandomOperations operations_of(const DrawnChange& drawn);

/// `augment_into` after the drawing.
void change_into(const Image& image, const ImagePreprocess& preprocess, const DrawnChange& drawn, std::span<float> out);

}  // namespace enxerto
