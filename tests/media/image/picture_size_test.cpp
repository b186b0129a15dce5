#include "enxerto/media/image/picture_size.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/image/encode_jpeg.h"
#include "enxerto/media/image/image.h"

namespace enxerto {
namespace {

Image grey_picture(int width, int height) {
  return {
      .width = width,
      .height = height,
      .pixels = std::vector<std::uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, 128)};
}

/// A JPEG file with an EXIF block that says how the picture lies.
std::vector<std::byte> lying(int width, int height, char orientation) {
  std::vector<std::byte> jpeg = encode_jpeg(grey_picture(width, height), 80);
  std::string block(
      "\xFF\xE1\x00\x22"
      "Exif\0\0"
      "II*\0\x08\0\0\0"
      "\x01\0"
      "\x12\x01\x03\0\x01\0\0\0",
      4 + 6 + 8 + 2 + 8);
  block += orientation;
  block += std::string(3, '\0') + std::string(4, '\0');
  std::vector<std::byte> exif(block.size());
  std::memcpy(exif.data(), block.data(), block.size());
  jpeg.insert(jpeg.begin() + 2, exif.begin(), exif.end());
  return jpeg;
}

void expect_as_decoded(const std::vector<std::byte>& bytes) {
  const Image image = decode_image(bytes, "a");
  const PictureSize size = picture_size(bytes, "a");
  EXPECT_EQ(size.width, image.width);
  EXPECT_EQ(size.height, image.height);
}

TEST(PictureSize, IsThatOfTheDecodedPicture) {
  expect_as_decoded(encode_jpeg(grey_picture(31, 17), 80));
  const std::string text = "P2 4 2 255 9 9 9 9 9 9 9 9\n";
  std::vector<std::byte> netpbm(text.size());
  std::memcpy(netpbm.data(), text.data(), text.size());
  expect_as_decoded(netpbm);
}

TEST(PictureSize, IsOfThePictureTurnedUpright) {
  for (const char orientation : {1, 3, 6, 8}) expect_as_decoded(lying(31, 17, orientation));
  EXPECT_EQ(picture_size(lying(31, 17, 6), "a").width, 17);
}

TEST(PictureSize, RefusesWhatIsNoPicture) {
  const std::vector<std::byte> nothing(40);
  EXPECT_THROW(picture_size(nothing, "a"), Error);
  std::vector<std::byte> cut = encode_jpeg(grey_picture(31, 17), 80);
  cut.resize(30);
  EXPECT_THROW(picture_size(cut, "a"), Error);
}

}  // namespace
}  // namespace enxerto
