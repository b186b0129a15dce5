#pragma once
#include <span>

#include "enxerto/media/image/image.h"
#include "enxerto/media/image/preprocess.h"

namespace enxerto {

/// The opposite of normalisation: what a network sees, (3, size, size), as a picture.
Image seen_pixels(std::span<const float> values, const ImagePreprocess& preprocess);

}  // namespace enxerto
