#pragma once
#include "enxerto/media/image/image.h"

namespace enxerto {

/// Equal to the bit to `cv::resize` with INTER_LINEAR, OpenCV's usual one, of 8-bit pictures: two neighbours in each
/// direction with weights of 11 bits, not antialiased; half in both directions is the mean of four. Throws Error{data}
/// for a size below 1 or of more than kMaxPixels.
Image resize_linear(const Image& image, int width, int height);

}  // namespace enxerto
