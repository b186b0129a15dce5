#include "enxerto/media/image/draw_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace enxerto {
namespace {

Image blank(int width, int height) {
  return {.width = width,
          .height = height,
          .pixels = std::vector<std::uint8_t>(static_cast<std::size_t>(width * height) * 3, 0)};
}

/// The picture's rows, '#' where something is written.
std::string shown(const Image& image) {
  std::string rows;
  for (int y = 0; y < image.height; ++y) {
    for (int x = 0; x < image.width; ++x)
      rows += image.pixels[static_cast<std::size_t>(y * image.width + x) * 3] > 0 ? '#' : '.';
    rows += '\n';
  }
  return rows;
}

TEST(DrawText, WritesLetters) {
  Image image = blank(7, 13);
  draw_text(image, 0, 0, "A", {.colour = {255, 255, 255}});
  EXPECT_EQ(
      shown(image),
      ".......\n.......\n.####..\n##..##.\n##..##.\n##..##.\n######.\n##..##.\n##..##.\n##..##.\n##..##.\n.......\n"
      ".......\n");
}

TEST(DrawText, KnowsAccentsAndShowsAQuestionMarkForWhatItDoesNotKnow) {
  EXPECT_EQ(text_size("c\u00e3o", 2), (std::array<int, 2>{3 * 7 * 2, 26}));
  Image accent = blank(7, 13), plain = blank(7, 13), chinese = blank(7, 13), mark = blank(7, 13), broken = blank(7, 13);
  draw_text(accent, 0, 0, "\u00e3", {.colour = {1, 1, 1}});
  draw_text(plain, 0, 0, "a", {.colour = {1, 1, 1}});
  draw_text(chinese, 0, 0, "\u72d7", {.colour = {1, 1, 1}});
  draw_text(broken, 0, 0, "\xff", {.colour = {1, 1, 1}});
  draw_text(mark, 0, 0, "?", {.colour = {1, 1, 1}});
  EXPECT_NE(shown(accent), shown(plain));
  EXPECT_EQ(shown(chinese), shown(mark));
  EXPECT_EQ(shown(broken), shown(mark));
}

TEST(DrawText, StaysInThePicture) {
  Image image = blank(10, 10);
  draw_text(image, -3, -5, "Wide", {.scale = 3, .colour = {9, 9, 9}});
  draw_text(image, 8, 8, "Wide", {.colour = {9, 9, 9}});
  fill_area(image, {-5, -5, 50, 2}, {7, 7, 7});
  EXPECT_EQ(image.pixels.size(), 300U);
  EXPECT_EQ(image.pixels[0], 7);
}

}  // namespace
}  // namespace enxerto
