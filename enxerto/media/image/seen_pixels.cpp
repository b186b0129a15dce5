#include "enxerto/media/image/seen_pixels.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace enxerto {

Image seen_pixels(std::span<const float> values, const ImagePreprocess& preprocess) {
  const std::size_t plane = values.size() / 3;
  Image image{.width = preprocess.size, .height = preprocess.size, .pixels = std::vector<std::uint8_t>(values.size())};
  for (std::size_t c = 0; c < 3; ++c) {
    const std::size_t channel = preprocess.channels == ImagePreprocess::Channels::bgr ? 2 - c : c;
    for (std::size_t i = 0; i < plane; ++i) {
      const float value =
          (values[c * plane + i] * preprocess.deviation.at(c) + preprocess.mean.at(c)) * preprocess.divisor;
      image.pixels[i * 3 + channel] = static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
    }
  }
  return image;
}

}  // namespace enxerto
