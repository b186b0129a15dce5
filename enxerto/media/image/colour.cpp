#include "enxerto/media/image/colour.h"

#include <algorithm>
#include <array>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/value_tables.h"

namespace enxerto {
namespace {

/// From `dull` to `value` in float, the fraction cut off (Pillow's Blend.c).
std::uint8_t blend(int dull, int value, float factor) {
  const float between = static_cast<float>(dull) + factor * static_cast<float>(value - dull);
  return static_cast<std::uint8_t>(std::min(std::max(between, 0.0F), 255.0F));
}

int luma(const std::uint8_t* pixel) {
  return static_cast<int>((pixel[0] * 19595U + pixel[1] * 38470U + pixel[2] * 7471U + 0x8000U) >> 16);
}

void blend_with_grey(Image& image, int grey, float factor) {
  ValueTable table;
  for (int value = 0; value < 256; ++value) table[to_size(value)] = blend(grey, value, factor);
  apply(image, {table, table, table});
}

/// Sum of the 3 x 3 values around the middle one, which counts five times, over 13, to the nearest (never halfway).
int smoothed(const std::uint8_t* at, std::size_t stride) {
  int sum = 4 * at[0];
  for (const std::uint8_t* line : {at - stride, at, at + stride}) sum += line[-3] + line[0] + line[3];
  return (2 * sum + 13) / 26;
}

}  // namespace

void adjust_brightness(Image& image, double factor) { blend_with_grey(image, 0, static_cast<float>(factor)); }

void adjust_contrast(Image& image, double factor) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3)
    sum += static_cast<std::uint64_t>(luma(image.pixels.data() + i));
  const double mean = static_cast<double>(sum) / (static_cast<double>(image.pixels.size()) / 3);
  blend_with_grey(image, static_cast<int>(mean + 0.5), static_cast<float>(factor));
}

void adjust_saturation(Image& image, double factor) {
  const auto share = static_cast<float>(factor);
  std::uint8_t* const end = image.pixels.data() + image.pixels.size();
  for (std::uint8_t* pixel = image.pixels.data(); pixel != end; pixel += 3) {
    const int grey = luma(pixel);
    for (int c = 0; c < 3; ++c) pixel[c] = blend(grey, pixel[c], share);
  }
}

void adjust_sharpness(Image& image, double factor) {
  if (image.width < 3 || image.height < 3) return;
  const auto share = static_cast<float>(factor);
  const std::vector<std::uint8_t> before = image.pixels;
  const std::size_t stride = to_size(image.width) * 3;
  for (std::size_t y = 1; y + 1 < to_size(image.height); ++y) {
    for (std::size_t i = y * stride + 3; i < (y + 1) * stride - 3; ++i)
      image.pixels[i] = blend(smoothed(before.data() + i, stride), before[i], share);
  }
}

}  // namespace enxerto
