#include <gtest/gtest.h>

#include <array>
#include <cstdlib>

#include "enxerto/media/image/encode_jpeg.h"
#include "enxerto/media/image/image_preprocessor.h"

namespace enxerto {
namespace {

Image of_colour(int side, std::array<std::uint8_t, 3> colour) {
  Image image{.width = side, .height = side, .pixels = {}};
  for (int i = 0; i < side * side; ++i) image.pixels.insert(image.pixels.end(), colour.begin(), colour.end());
  return image;
}

void expect_colour(const Image& image, std::array<std::uint8_t, 3> colour) {
  for (std::size_t i = 0; i < image.pixels.size(); ++i)
    ASSERT_LE(std::abs(image.pixels[i] - colour.at(i % 3)), 3) << "at " << i;
}

TEST(EncodeJpeg, IsReadBack) {
  const Image back = decode_image(encode_jpeg(of_colour(20, {200, 40, 90}), 90), "a.jpg");
  EXPECT_EQ(back.width, 20);
  expect_colour(back, {200, 40, 90});
}

TEST(Preview, ShowsThePictureAsTheNetworkSeesItAndNoLargerThanAsked) {
  for (const auto channels : {ImagePreprocess::Channels::rgb, ImagePreprocess::Channels::bgr}) {
    ImagePreprocess preprocess{.size = 128};
    preprocess.channels = channels;
    const std::array<Field, 1> example{as_field(of_colour(300, {200, 40, 90}))};
    const auto preview = image_preprocessor(preprocess)->preview(example, {.where = "a.png"}, 96);
    ASSERT_TRUE(preview);
    EXPECT_EQ(preview->type, "image/jpeg");
    const Image seen = decode_image(preview->bytes, "preview");
    EXPECT_EQ(seen.width, 96);
    expect_colour(seen, {200, 40, 90});
  }
}

}  // namespace
}  // namespace enxerto
