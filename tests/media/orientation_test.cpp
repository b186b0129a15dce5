#include "enxerto/media/image/orientation.h"

#include <gtest/gtest.h>

#include <array>

#include "enxerto/media/image/exif.h"

namespace enxerto {
namespace {

/// The first channel of each pixel, row after row.
std::string letters(const Image& image) {
  std::string text;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) text += static_cast<char>(image.pixels[i]);
  return text;
}

Image of(const std::string& text, int width) {
  Image image{width, static_cast<int>(text.size()) / width, {}};
  for (const char letter : text) image.pixels.insert(image.pixels.end(), 3, static_cast<std::uint8_t>(letter));
  return image;
}

TEST(Orientation, TurnsAndMirrorsAsExifDefinesIt) {
  const std::array<std::string, 9> wanted{"abcdef", "abcdef", "cbafed", "fedcba", "defabc",
                                          "adbecf", "daebfc", "fcebda", "cfbead"};
  for (int orientation = 0; orientation <= 8; ++orientation) {
    const Image upright = turned_upright(of("abcdef", 3), orientation);
    EXPECT_EQ(letters(upright), wanted[static_cast<std::size_t>(orientation)]) << orientation;
    EXPECT_EQ(upright.width, orientation < 5 ? 3 : 2) << orientation;
  }
  EXPECT_EQ(letters(turned_upright(of("abcdef", 3), 9)), "abcdef");
}

std::string exif(bool big_endian, std::string entry) {
  return big_endian ? std::string("Exif\0\0MM\0*\0\0\0\x08\0\x01", 16) + entry
                    : std::string("Exif\0\0II*\0\x08\0\0\0\x01\0", 16) + entry;
}

TEST(Orientation, IsReadInBothByteOrders) {
  EXPECT_EQ(exif_orientation(exif(true, std::string("\x01\x12\0\x03\0\0\0\x01\0\x06\0\0", 12))), 6);
  EXPECT_EQ(exif_orientation(exif(false, std::string("\x12\x01\x03\0\x01\0\0\0\x08\0\0\0", 12))), 8);
}

TEST(Orientation, IsNothingInABlockThatIsCutOffOrStrange) {
  const std::string whole = exif(true, std::string("\x01\x12\0\x03\0\0\0\x01\0\x06\0\0", 12));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(exif_orientation(whole.substr(0, length))) << length;
  }
  EXPECT_FALSE(exif_orientation("Exif and then no such thing"));
  EXPECT_EQ(orientation_of("", ""), 1);
}

TEST(Orientation, ComesFromXmpOnlyWhereExifHasNone) {
  const std::string block = exif(true, std::string("\x01\x12\0\x03\0\0\0\x01\0\x06\0\0", 12));
  EXPECT_EQ(orientation_of("", "<a tiff:Orientation=\"3\"/>"), 3);
  EXPECT_EQ(orientation_of("", "<tiff:Orientation>8</tiff:Orientation>"), 8);
  EXPECT_EQ(orientation_of(block, "<a tiff:Orientation=\"3\"/>"), 6);
  EXPECT_FALSE(xmp_orientation("tiff:Orientation"));
}

}  // namespace
}  // namespace enxerto
