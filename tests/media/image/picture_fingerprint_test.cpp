#include "enxerto/media/image/picture_fingerprint.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "enxerto/media/fingerprints.h"
#include "enxerto/media/image/encode_jpeg.h"
#include "enxerto/media/image/flip.h"
#include "enxerto/media/image/image.h"
#include "enxerto/media/image/preprocess.h"
#include "enxerto/media/image/resize.h"
#include "enxerto/media/image/smooth_noise.h"

namespace enxerto {
namespace {

constexpr int kSide = 64;

PictureFingerprint of(const Image& image, bool mirrored = false) {
  std::vector<float> planes(std::size_t{3} * kSide * kSide);
  preprocess_into(image, {.size = kSide, .crop_fraction = 1}, planes);
  return picture_fingerprint(planes, {3, kSide, kSide}, mirrored);
}

TEST(PictureFingerprint, StaysOfAPictureThatIsSavedAgainResizedOrMadeBrighter) {
  const Image picture = smooth_noise(96, 80, 1);
  const PictureFingerprint whole = of(picture);
  EXPECT_NEAR(alikeness(whole, whole), 1, 1e-5);
  EXPECT_GT(alikeness(whole, of(decode_image(encode_jpeg(picture, 50), "saved again"))), 0.95);
  EXPECT_GT(alikeness(whole, of(resize(picture, 48, 40, Filter::bilinear))), 0.95);
  Image darker = picture;
  for (auto& value : darker.pixels) value = static_cast<std::uint8_t>(value * 3 / 4);
  EXPECT_GT(alikeness(whole, of(darker)), 0.99);
}

TEST(PictureFingerprint, OfAMirroredPictureIsThatOfTheOtherHand) {
  const Image picture = smooth_noise(64, 64, 2);
  Image flipped = picture;
  flip_left_right(flipped);
  EXPECT_GT(alikeness(of(picture), of(flipped, true)), 0.99);
  EXPECT_LT(alikeness(of(picture), of(flipped)), 0.5);
}

TEST(PictureFingerprint, TellsPicturesApart) {
  for (std::uint64_t number = 3; number < 9; ++number)
    EXPECT_LT(alikeness(of(smooth_noise(64, 64, 2)), of(smooth_noise(64, 64, number))), 0.5) << number;
}

TEST(PictureFingerprint, IsEmptyOfOneColourWhichIsLikeNothing) {
  const Image grey{.width = 64, .height = 64, .pixels = std::vector<std::uint8_t>(std::size_t{3} * 64 * 64, 90)};
  EXPECT_TRUE(of(grey).empty());
  EXPECT_EQ(alikeness(of(grey), of(grey)), 0);
  EXPECT_EQ(alikeness(of(grey), of(smooth_noise(64, 64, 2))), 0);
}

}  // namespace
}  // namespace enxerto
