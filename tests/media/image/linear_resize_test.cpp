#include "enxerto/media/image/linear_resize.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "enxerto/base/error.h"
#include "tests/media/pattern.h"

namespace enxerto {
namespace {

TEST(LinearResize, IsOpenCvsToTheBit) {
  std::ifstream golden(ENXERTO_TEST_DATA "/media/linear_resize.txt");
  int width = 0, height = 0, to_width = 0, to_height = 0, cases = 0;
  for (std::string wanted; golden >> width >> height >> to_width >> to_height >> wanted; ++cases) {
    const Image resized = resize_linear(pattern(width, height), to_width, to_height);
    EXPECT_EQ(digits(resized), wanted) << width << " x " << height << " to " << to_width << " x " << to_height;
  }
  EXPECT_EQ(cases, 49);
}

TEST(LinearResize, RefusesASizeOfNothing) { EXPECT_THROW((void)resize_linear(pattern(3, 3), 0, 3), Error); }

}  // namespace
}  // namespace enxerto
