#pragma once
#include <algorithm>
#include <cstdint>

namespace enxerto {

/// One pixel of CMYK (0 = no ink) as RGB, with the rounding of Pillow's convert("RGB") (libImaging/Convert.c).
inline void cmyk_to_rgb(const std::uint8_t* cmyk, std::uint8_t* rgb) {
  const int white = 255 - cmyk[3];
  for (int c = 0; c < 3; ++c) {
    const int product = cmyk[c] * white + 128;
    rgb[c] = static_cast<std::uint8_t>(std::clamp(white - ((product + (product >> 8)) >> 8), 0, 255));
  }
}

}  // namespace enxerto
