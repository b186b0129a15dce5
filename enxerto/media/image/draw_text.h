#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "enxerto/media/image/image.h"

namespace enxerto {

/// Letters of 7 x 13 pixels (misc-fixed, bold, which is in the public domain), each pixel a square of `scale`.
struct TextStyle {
  int scale = 1;
  std::array<std::uint8_t, 3> colour{};
};

/// Width and height, px.
std::array<int, 2> text_size(std::string_view text, int scale);

/// Writes a line with its left upper corner at (x, y), as far as it is in the picture. `text` is UTF-8; what is not in
/// Latin-1 is shown as '?'.
void draw_text(Image& image, int x, int y, std::string_view text, const TextStyle& style);

/// Fills left, top, right, bottom, as far as it is in the picture.
void fill_area(Image& image, const std::array<int, 4>& area, const std::array<std::uint8_t, 3>& colour);

}  // namespace enxerto
