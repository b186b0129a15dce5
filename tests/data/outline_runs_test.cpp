#include "enxerto/data/outline_runs.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

TEST(OutlineRuns, OfPolygonsEqualPycocotoolsToThePixel) {
  std::ifstream golden(ENXERTO_TEST_DATA "/data/outlines.txt");  // tools/golden/outlines.py
  std::size_t cases = 0;
  golden >> cases;
  ASSERT_GT(cases, 100U);
  for (std::size_t i = 0; i < cases; ++i) {
    OutlineFrame frame;
    std::size_t numbers = 0;
    golden >> frame.width >> frame.height >> numbers;
    std::vector<double> points(numbers);
    for (double& point : points) golden >> point;
    std::string text;
    std::uint64_t expected = 0, sum = 0;
    golden >> text >> expected;
    ASSERT_TRUE(golden) << "case " << i;
    const OutlineRuns runs = polygon_runs(points, frame);
    EXPECT_EQ(runs, runs_of_string(text, "golden")) << "case " << i;
    for_each_pixel(runs, frame, [&](int x, int y) { sum += static_cast<std::uint64_t>(1 + x + 1000 * y); });
    EXPECT_EQ(sum, expected) << "case " << i;
  }
}

TEST(OutlineRuns, RefuseAStringThatEndsWithinANumber) {
  EXPECT_THROW((void)runs_of_string("o", "x"), Error);
  EXPECT_THROW((void)runs_of_string("oooooooooooooooo1", "x"), Error) << "longer than any run";
  EXPECT_TRUE(runs_of_string("", "x").empty());
}

}  // namespace
}  // namespace enxerto
