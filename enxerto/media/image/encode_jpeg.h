#pragma once
#include <cstddef>
#include <vector>

#include "enxerto/media/image/image.h"

namespace enxerto {

/// A baseline JPEG file of a quality of 1 to 100 (libjpeg's scale). Throws Error{other} where the library refuses the
/// picture: one without pixels, or of more than 65,500 px a side.
std::vector<std::byte> encode_jpeg(const Image& image, int quality);

}  // namespace enxerto
