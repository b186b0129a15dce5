#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "enxerto/base/hash.h"
#include "enxerto/media/image/image.h"

namespace enxerto {

/// The picture that tools/golden/images.py makes too.
inline Image pattern(int width, int height) {
  Image image{width, height, {}};
  const auto count = static_cast<std::uint32_t>(width * height * 3);
  for (std::uint32_t index = 0; index < count; ++index) {
    std::uint32_t noise = (index * 2654435761U) >> 13;
    noise = (noise ^ noise >> 7) * 40503U;
    image.pixels.push_back(static_cast<std::uint8_t>(noise >> 9));
  }
  return image;
}

/// The first 16 digits of the SHA-256, as in the golden lists.
inline std::string digits(std::span<const std::byte> bytes) { return sha256(bytes).substr(0, 16); }
inline std::string digits(const Image& image) { return digits(std::as_bytes(std::span(image.pixels))); }

}  // namespace enxerto
