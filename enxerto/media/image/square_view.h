#pragma once
#include <span>

#include "enxerto/media/image/preprocess.h"

namespace enxerto {

/// A rectangle of a picture, inside of it.
struct PictureArea {
  int left = 0, top = 0, width = 0, height = 0;

  bool operator==(const PictureArea&) const = default;
};

/// Where the rectangle lies in the square that is as long as its longer side, black beside it.
enum class SquarePlace {
  first,     ///< at the top left
  centered,  ///< in the middle; the odd row or column lies behind it
};

/// That square, resized to `preprocess.size` as TensorFlow.js's `resizeBilinear` does without `halfPixelCenters`: pixel
/// i is taken at i * side / size, between two pixels, however many lie between two such places. Normalised as
/// `preprocess` says, into `out` of 3 x size x size floats, channel by channel. Throws Error{data} for an empty
/// rectangle, one that is not inside, and another size of `out`.
void square_into(const Image& image, const PictureArea& box, SquarePlace place, const ImagePreprocess& preprocess,
                 std::span<float> out);

}  // namespace enxerto
