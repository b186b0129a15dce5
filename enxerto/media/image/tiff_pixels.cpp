#include "enxerto/media/image/tiff_pixels.h"

#include <algorithm>
#include <cstring>

#include "enxerto/media/image/cmyk.h"

namespace enxerto::image_format {

void tiff_samples(const std::uint8_t* row, unsigned bits, std::size_t count, std::uint8_t* to, std::size_t step) {
  if (bits == 8) {
    for (std::size_t i = 0; i < count; ++i) to[i * step] = row[i];
    return;
  }
  if (bits == 16) {
    for (std::size_t i = 0; i < count; ++i) {
      std::uint16_t value = 0;
      std::memcpy(&value, row + i * 2, 2);
      to[i * step] = static_cast<std::uint8_t>(value >> 8);
    }
    return;
  }
  const std::size_t each = 8 / bits;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t shift = 8 - bits * (i % each + 1);
    to[i * step] = static_cast<std::uint8_t>((row[i / each] >> shift) & ((1U << bits) - 1));
  }
}

namespace {

void grey_to_rgb(const TiffKind& kind, const std::uint8_t* samples, std::size_t count, std::uint8_t* rgb) {
  // Up to 8 bits the highest number is white: 1 -> 255, 3 -> 85 apart, 15 -> 17 apart.
  const unsigned scale = kind.bits >= 8 ? 1 : 255 / ((1U << kind.bits) - 1);
  const bool invert = kind.color == TiffKind::Color::white_is_zero;
  for (std::size_t i = 0; i < count; ++i, rgb += 3) {
    const auto value = static_cast<std::uint8_t>(samples[i * kind.samples] * scale);
    std::fill_n(rgb, 3, static_cast<std::uint8_t>(invert ? 255 - value : value));
  }
}

void divide_by_alpha(std::uint8_t alpha, std::uint8_t* rgb) {
  for (int c = 0; c < 3; ++c) {
    rgb[c] = alpha == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(std::min(rgb[c] * 255 / alpha, 255));
  }
}

}  // namespace

void tiff_to_rgb(const TiffKind& kind, const std::uint8_t* samples, std::size_t count, std::uint8_t* rgb) {
  switch (kind.color) {
    case TiffKind::Color::white_is_zero:
    case TiffKind::Color::black_is_zero:
      grey_to_rgb(kind, samples, count, rgb);
      return;
    case TiffKind::Color::palette:
      for (std::size_t i = 0; i < count; ++i) {
        rgb = std::copy_n(&kind.palette[std::size_t{samples[i * kind.samples]} * 3], 3, rgb);
      }
      return;
    case TiffKind::Color::cmyk:
      for (std::size_t i = 0; i < count; ++i) cmyk_to_rgb(samples + i * kind.samples, rgb + i * 3);
      return;
    case TiffKind::Color::rgb:
      for (std::size_t i = 0; i < count; ++i, samples += kind.samples, rgb += 3) {
        std::copy_n(samples, 3, rgb);
        if (kind.premultiplied) divide_by_alpha(samples[3], rgb);
      }
      return;
  }
}

}  // namespace enxerto::image_format
