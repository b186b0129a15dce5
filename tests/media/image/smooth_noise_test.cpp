#include "enxerto/media/image/smooth_noise.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "enxerto/base/hash.h"
#include "enxerto/media/image/image_preprocessor.h"

namespace enxerto {
namespace {

TEST(SmoothNoise, IsTheSameOnEveryMachine) {
  const Image image = smooth_noise(20, 16, 3);
  ASSERT_EQ(image.pixels.size(), 20U * 16 * 3);
  EXPECT_EQ(hash128(std::as_bytes(std::span(image.pixels))).hex(), "a0d3cbb79c6bfdf956a75f16eda0bc52");
  EXPECT_NE(smooth_noise(20, 16, 4).pixels, image.pixels);
}

TEST(SmoothNoise, HasNoEdges) {
  const Image image = smooth_noise(240, 192, 0);
  for (std::size_t i = 3; i < image.pixels.size(); ++i) {
    if (i % (240 * 3) < 3) continue;
    EXPECT_LE(std::abs(image.pixels[i] - image.pixels[i - 3]), 7);
  }
}

TEST(SmoothNoise, IsWhatAnImagePreprocessorMakesUp) {
  const PreprocessorPtr preprocessor = image_preprocessor({.size = 16});
  const std::vector<Field> sample = preprocessor->sample(1);
  OwnSlots slots(preprocessor->inputs());
  preprocessor->encode(sample, {.where = "sample"}, slots);
  EXPECT_EQ(slots.take().front().shape(), (Shape{3, 16, 16}));
}

}  // namespace
}  // namespace enxerto
