#pragma once
#include <optional>
#include <string_view>

#include "enxerto/media/image/image.h"

namespace enxerto {

/// Pillow's resampling filters, antialiased (the support grows with the reduction), but for `nearest`.
enum class Filter { nearest, box, bilinear, hamming, bicubic, lanczos };

/// "nearest", "box", "bilinear", "hamming", "bicubic", "lanczos".
std::string_view name_of(Filter filter);

/// The opposite of `name_of`.
std::optional<Filter> filter_named(std::string_view name);

/// Equal to Pillow 13's `Image.resize((width, height), filter)` to the bit (libImaging/Resample.c; before version 13
/// its passes stood in another order for some tall pictures, which shows in the last bit). Throws Error{data} for a
/// size below 1 or of more than kMaxPixels.
Image resize(const Image& image, int width, int height, Filter filter);

/// The rectangle of `width` x `height` whose top left is (left, top); outside the picture is black, as in Pillow's
/// crop. Throws Error{data} like `resize`.
Image crop(const Image& image, int left, int top, int width, int height);

}  // namespace enxerto
