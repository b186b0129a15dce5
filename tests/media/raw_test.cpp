#include <gtest/gtest.h>

#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/media/image/image.h"

namespace enxerto {
namespace {

Image from(const std::vector<std::uint8_t>& samples, const RawPixels& layout) {
  return image_from_raw(std::as_bytes(std::span(samples)), layout);
}

using Pixels = std::vector<std::uint8_t>;

TEST(RawPixels, RepeatsGreyThreeTimes) {
  EXPECT_EQ(from({1, 2}, {.width = 2, .height = 1, .channels = 1}).pixels, (Pixels{1, 1, 1, 2, 2, 2}));
}

TEST(RawPixels, TakesInterleavedAndPlanarColours) {
  const Pixels wanted{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(from({1, 2, 3, 4, 5, 6}, {.width = 1, .height = 2, .channels = 3}).pixels, wanted);
  EXPECT_EQ(from({1, 4, 2, 5, 3, 6}, {.width = 1, .height = 2, .channels = 3, .planar = true}).pixels, wanted);
}

TEST(RawPixels, RefusesSizesThatDoNotFit) {
  EXPECT_THROW(from({1, 2}, {.width = 1, .height = 1, .channels = 1}), Error);
  EXPECT_THROW(from({1, 2}, {.width = 1, .height = 1, .channels = 2}), Error);
  EXPECT_THROW(from({}, {.width = 0, .height = 1, .channels = 1}), Error);
  EXPECT_THROW(from({1}, {.width = -1, .height = -1, .channels = 1}), Error);
}

}  // namespace
}  // namespace enxerto
