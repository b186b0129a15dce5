#include <algorithm>
#include <array>
#include <cmath>

#include "enxerto/media/image/colour.h"

namespace enxerto {
namespace {

// Steps and types are those of Pillow's Convert.c (after Python's colorsys): float where it has float.

struct Hsv {
  std::uint8_t hue = 0, saturation = 0, value = 0;
};

Hsv to_hsv(const std::uint8_t* pixel) {
  const int r = pixel[0], g = pixel[1], b = pixel[2];
  const int most = std::max({r, g, b}), least = std::min({r, g, b});
  if (most == least) return {.hue = 0, .saturation = 0, .value = static_cast<std::uint8_t>(most)};
  const auto range = static_cast<float>(most - least);
  const float saturation = range / static_cast<float>(most);
  const float red = static_cast<float>(most - r) / range;
  const float green = static_cast<float>(most - g) / range;
  const float blue = static_cast<float>(most - b) / range;
  float hue = 0;
  if (r == most) {
    hue = blue - green;
  } else if (g == most) {
    hue = static_cast<float>(2.0 + static_cast<double>(red) - static_cast<double>(blue));
  } else {
    hue = static_cast<float>(4.0 + static_cast<double>(green) - static_cast<double>(red));
  }
  double turns = static_cast<double>(hue) / 6.0 + 1.0;  // 5/6 to 11/6
  if (turns >= 1.0) turns -= 1.0;
  hue = static_cast<float>(turns);
  return {.hue = static_cast<std::uint8_t>(std::min(static_cast<int>(static_cast<double>(hue) * 255.0), 255)),
          .saturation = static_cast<std::uint8_t>(static_cast<int>(static_cast<double>(saturation) * 255.0)),
          .value = static_cast<std::uint8_t>(most)};
}

/// What a hue means, for all 256: which of the six sixths, and how far in it.
struct Sixth {
  int number = 0;
  float part = 0;
};

std::array<Sixth, 256> sixths() {
  std::array<Sixth, 256> table;
  for (std::size_t hue = 0; hue < table.size(); ++hue) {
    const double at = static_cast<double>(hue) * 6.0 / 255.0;
    const int number = static_cast<int>(std::floor(at));
    table[hue] = {.number = number % 6, .part = static_cast<float>(at - number)};
  }
  return table;
}

std::uint8_t rounded_byte(double value) { return static_cast<std::uint8_t>(static_cast<int>(value + 0.5)); }

void to_rgb(const Hsv& hsv, const Sixth& sixth, std::uint8_t* pixel) {
  // Which of (value, p, q, t) is red, green and blue in each sixth.
  static constexpr std::uint8_t kOrder[6][3] = {{0, 3, 1}, {2, 0, 1}, {1, 0, 3}, {1, 2, 0}, {3, 1, 0}, {0, 1, 2}};
  const double value = hsv.value;
  const auto saturation = static_cast<float>(hsv.saturation / 255.0);
  const float falling = saturation * sixth.part;
  const std::uint8_t parts[4] = {
      hsv.value, rounded_byte(value * (1.0 - static_cast<double>(saturation))),
      rounded_byte(value * (1.0 - static_cast<double>(falling))),
      rounded_byte(value * (1.0 - static_cast<double>(saturation) * (1.0 - static_cast<double>(sixth.part))))};
  for (int c = 0; c < 3; ++c) pixel[c] = parts[kOrder[sixth.number][c]];
}

}  // namespace

void adjust_hue(Image& image, double turn) {
  static const std::array<Sixth, 256> kSixths = sixths();
  const auto steps = static_cast<std::uint8_t>(static_cast<int>(turn * 255));
  std::uint8_t* const end = image.pixels.data() + image.pixels.size();
  for (std::uint8_t* pixel = image.pixels.data(); pixel != end; pixel += 3) {
    Hsv hsv = to_hsv(pixel);
    if (hsv.saturation == 0) {
      std::fill_n(pixel, 3, hsv.value);
      continue;
    }
    hsv.hue = static_cast<std::uint8_t>(hsv.hue + steps);
    to_rgb(hsv, kSixths[hsv.hue], pixel);
  }
}

}  // namespace enxerto
