#pragma once
#include "enxerto/media/image/image.h"

namespace enxerto {

/// Pillow's resampling filters, antialiased (the support grows with the reduction).
enum class Filter { nearest, box, bilinear, hamming, bicubic, lanczos };

std::string_view name_of(Filter filter);

/// Equal to Pillow's `Image.resize((width, height), filter)` to the bit (libImaging/Resample.c). Sizes are at least 1.
Image resize(const Image& image, int width, int height, Filter filter);

/// The rectangle of `width` x `height` whose top left is (left, top); outside the picture is black, as in Pillow's
/// crop.
Image crop(const Image& image, int left, int top, int width, int height);

}  // namespace enxerto
