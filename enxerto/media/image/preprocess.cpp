#include "enxerto/media/image/preprocess.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "enxerto/base/error.h"
#include "enxerto/media/image/preprocess_check.h"
#include "enxerto/media/image/preprocess_steps.h"
#include "enxerto/media/image/resample.h"

namespace enxerto {
namespace {

/// The shorter side after the resize, px.
int resized_side(const ImagePreprocess& preprocess) {
  if (preprocess.fit == ImagePreprocess::Fit::squash) return preprocess.size;
  return static_cast<int>(std::floor(preprocess.size / preprocess.crop_fraction));
}

/// The longer side after the shorter one was resized: torchvision cuts the fraction off.
int longer_side(int shorter, int longer, int resized) {
  const std::int64_t side = std::int64_t{resized} * longer / shorter;
  if (side > std::numeric_limits<int>::max()) {
    throw data_error("image", fmt::format("a strip of {} x {} px", longer, shorter),
                     "a picture with a less extreme aspect ratio", "crop it, or use the fit 'squash'");
  }
  return static_cast<int>(side);
}

/// Where the middle `size` px of `side` begin; torchvision rounds halves to the even number.
int crop_begin(int side, int size) { return static_cast<int>(std::nearbyint((side - size) / 2.0)); }

}  // namespace

Axes preprocess_axes(const Image& image, const ImagePreprocess& preprocess) {
  const int size = preprocess.size, side = resized_side(preprocess);
  const Filter filter = preprocess.filter;
  if (preprocess.fit == ImagePreprocess::Fit::squash) {
    return {{image.width, size, 0, size, filter}, {image.height, size, 0, size, filter}};
  }
  const bool upright = image.width <= image.height;
  const int width = upright ? side : longer_side(image.height, image.width, side);
  const int height = upright ? longer_side(image.width, image.height, side) : side;
  return {{image.width, width, crop_begin(width, size), size, filter},
          {image.height, height, crop_begin(height, size), size, filter}};
}

void check_request(const Image& image, const ImagePreprocess& preprocess, std::size_t room) {
  check(preprocess, "image preprocessing");
  const std::size_t wanted = 3 * static_cast<std::size_t>(preprocess.size) * static_cast<std::size_t>(preprocess.size);
  const bool whole =
      image.width > 0 && image.height > 0 &&
      image.pixels.size() == static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height) * 3;
  if (whole && room == wanted) return;
  throw data_error("image preprocessing",
                   fmt::format("a picture of {} x {} px and room for {} floats", image.width, image.height, room),
                   fmt::format("a picture with all its pixels and room for {}", wanted));
}

NormalisedValues::NormalisedValues(const ImagePreprocess& preprocess)
    : size_(static_cast<std::size_t>(preprocess.size)),
      reversed_(preprocess.channels == ImagePreprocess::Channels::bgr) {
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t value = 0; value < 256; ++value) {
      table_[c][value] =
          (static_cast<float>(value) / preprocess.divisor - preprocess.mean[c]) / preprocess.deviation[c];
    }
  }
}

void NormalisedValues::write_row(const std::uint8_t* pixels, std::size_t y, std::span<float> out) const {
  const std::size_t first = reversed_ ? 2 : 0, last = 2 - first;
  float* planes[3] = {out.data() + y * size_, out.data() + (size_ + y) * size_, out.data() + (2 * size_ + y) * size_};
  for (std::size_t x = 0; x < size_; ++x, pixels += 3) {
    planes[0][x] = table_[0][pixels[first]];
    planes[1][x] = table_[1][pixels[1]];
    planes[2][x] = table_[2][pixels[last]];
  }
}

DecodeOptions decode_options(const ImagePreprocess& preprocess) {
  return {.scale_to_at_least = preprocess.scaled_decode ? resized_side(preprocess) : 0};
}

void preprocess_into(const Image& image, const ImagePreprocess& preprocess, std::span<float> out) {
  check_request(image, preprocess, out.size());
  const Axes axes = preprocess_axes(image, preprocess);
  const NormalisedValues values(preprocess);
  thread_resampler().run(image, axes.across, axes.down,
                         [&](std::size_t y, const std::uint8_t* row) { values.write_row(row, y, out); });
}

}  // namespace enxerto
