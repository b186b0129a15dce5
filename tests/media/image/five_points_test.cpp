#include "enxerto/media/image/five_points.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <vector>

namespace enxerto {
namespace {

/// As in tools/golden/five_points.py.
Image made_picture() {
  Image image{.width = 90, .height = 72, .pixels = {}};
  for (unsigned y = 0; y < 72; ++y)
    for (unsigned x = 0; x < 90; ++x)
      for (unsigned c = 0; c < 3; ++c)
        image.pixels.push_back(static_cast<std::uint8_t>(((x * 73 ^ y * 151 ^ c * 37) * 5 + x * y) & 255));
  return image;
}

TEST(FivePoints, AreAlignedAsByScikitImageAndOpenCvToTheBit) {
  std::ifstream golden(ENXERTO_TEST_DATA "/media/five_points.txt");
  const Image picture = made_picture();
  int cases = 0;
  for (int side = 0; golden >> side; ++cases) {
    FivePoints points{}, wanted = kArcFacePoints;
    for (auto& point : points) golden >> point[0] >> point[1];
    for (auto& point : wanted)
      for (double& value : point) value *= side / 112.0;
    const AffineMatrix found = similarity(points, wanted);
    AffineMatrix matrix{};
    for (std::size_t i = 0; i < 6; ++i) {
      golden >> matrix[i];
      EXPECT_NEAR(found[i], matrix[i], 1e-9);
    }
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 3);
    for (std::uint8_t& pixel : pixels) {
      unsigned value = 0;
      golden >> value;
      pixel = static_cast<std::uint8_t>(value);
    }
    EXPECT_EQ(warped(picture, matrix, side).pixels, pixels) << side;
    EXPECT_EQ(aligned_face(picture, points, side).pixels, pixels) << side;
  }
  EXPECT_EQ(cases, 4);
}

TEST(FivePoints, AtOnePlaceHaveNoSimilarity) { EXPECT_EQ(similarity(FivePoints{}, kArcFacePoints), AffineMatrix{}); }

}  // namespace
}  // namespace enxerto
