#include "enxerto/media/image/resize.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/image/resample.h"

namespace enxerto {
namespace {

// In the order of `Filter`.
constexpr std::array<std::string_view, 6> kNames{"nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"};

Image blank(int width, int height) {
  const bool fits = width > 0 && height > 0 && std::int64_t{width} * height <= kMaxPixels;
  if (!fits) {
    throw data_error("image size", fmt::format("{} x {} px", width, height), fmt::format("1 to {} pixels", kMaxPixels));
  }
  Image image;
  image.width = width;
  image.height = height;
  image.pixels.resize(to_size(width) * to_size(height) * 3);
  return image;
}

}  // namespace

std::string_view name_of(Filter filter) { return kNames[static_cast<std::size_t>(filter)]; }

std::optional<Filter> filter_named(std::string_view name) {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Filter>(found - kNames.begin());
}

Image resize(const Image& image, int width, int height, Filter filter) {
  if (image.width == width && image.height == height) return image;
  Image resized = blank(width, height);
  const std::size_t bytes = to_size(width) * 3;
  thread_resampler().run(
      image, {image.width, width, 0, width, filter}, {image.height, height, 0, height, filter},
      [&](std::size_t y, const std::uint8_t* row) { std::copy_n(row, bytes, resized.pixels.data() + y * bytes); });
  return resized;
}

Image crop(const Image& image, int left, int top, int width, int height) {
  Image cropped = blank(width, height);
  const std::int64_t begin = std::max<std::int64_t>(left, 0);
  const std::int64_t end = std::min<std::int64_t>(std::int64_t{left} + width, image.width);
  if (begin >= end) return cropped;
  for (std::int64_t y = 0; y < height; ++y) {
    const std::int64_t row = y + top;
    if (row < 0 || row >= image.height) continue;
    std::copy_n(image.pixels.data() + (row * image.width + begin) * 3, (end - begin) * 3,
                cropped.pixels.data() + (y * width + begin - left) * 3);
  }
  return cropped;
}

}  // namespace enxerto
