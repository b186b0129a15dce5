#include "enxerto/media/image/draw_text.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "enxerto/base/utf8.h"

namespace enxerto {
namespace {

constexpr int kLetterWidth = 7, kLetterHeight = 13;
constexpr unsigned kFirst = 0x20, kEndOfAscii = 0x7F, kFirstOfLatin = 0xA0, kEndOfLatin = 0x100;

/// Of each letter its rows from the top, the leftmost pixel in the highest of seven bits: tools/glyphs.py.
constexpr std::array<std::uint8_t, kLetterHeight> kGlyphs[] = {
#include "enxerto/media/image/glyphs.inc"
};
static_assert(std::size(kGlyphs) == kEndOfAscii - kFirst + kEndOfLatin - kFirstOfLatin);

std::size_t glyph_of(unsigned letter) {
  if (letter >= kFirst && letter < kEndOfAscii) return letter - kFirst;
  if (letter >= kFirstOfLatin && letter < kEndOfLatin) return kEndOfAscii - kFirst + letter - kFirstOfLatin;
  return '?' - kFirst;
}

/// A glyph for each character.
std::vector<std::size_t> glyphs_of(std::string_view text) {
  constexpr unsigned kLowBits = 0x3F, kLeadBits = 0x1F;
  std::vector<std::size_t> glyphs;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(utf8_length(text), 1);
    const auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[i])); };
    unsigned letter = byte(0);
    if (length == 2) letter = (letter & kLeadBits) << 6U | (byte(1) & kLowBits);
    if (length > 2 || (length == 1 && letter >= kEndOfAscii)) letter = 0;
    glyphs.push_back(glyph_of(letter));
    text.remove_prefix(length);
  }
  return glyphs;
}

}  // namespace

std::array<int, 2> text_size(std::string_view text, int scale) {
  return {static_cast<int>(glyphs_of(text).size()) * kLetterWidth * scale, kLetterHeight * scale};
}

void fill_area(Image& image, const std::array<int, 4>& area, const std::array<std::uint8_t, 3>& colour) {
  const int right = std::min(area[2], image.width), bottom = std::min(area[3], image.height);
  for (int y = std::max(area[1], 0); y < bottom; ++y)
    for (int x = std::max(area[0], 0); x < right; ++x)
      std::ranges::copy(colour, image.pixels.begin() + (std::ptrdiff_t{y} * image.width + x) * 3);
}

void draw_text(Image& image, int x, int y, std::string_view text, const TextStyle& style) {
  for (const std::size_t glyph : glyphs_of(text)) {
    for (int row = 0; row < kLetterHeight; ++row) {
      for (int column = 0; column < kLetterWidth; ++column) {
        const unsigned bit = kLetterWidth - 1U - static_cast<unsigned>(column);
        if ((kGlyphs[glyph].at(static_cast<std::size_t>(row)) >> bit & 1U) == 0) continue;
        const int left = x + column * style.scale, top = y + row * style.scale;
        fill_area(image, {left, top, left + style.scale, top + style.scale}, style.colour);
      }
    }
    x += kLetterWidth * style.scale;
  }
}

}  // namespace enxerto
