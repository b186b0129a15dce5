#include "enxerto/files/nearest_path.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/files/scratch.h"

namespace enxerto {
namespace {

TEST(NearestPath, IsOfTheSameFolder) {
  const Scratch scratch;
  std::filesystem::create_directory(scratch / "flowers");
  std::ofstream(scratch / "weights.pth") << "x";
  EXPECT_EQ(did_you_mean_path(scratch / "flowrs"), "; did you mean '" + (scratch / "flowers").string() + "'?");
  EXPECT_EQ(did_you_mean_path(scratch / "flowrs/"), "; did you mean '" + (scratch / "flowers").string() + "'?");
  EXPECT_EQ(did_you_mean_path(scratch / "weigths.pth"), "; did you mean '" + (scratch / "weights.pth").string() + "'?");
  EXPECT_EQ(did_you_mean_path(scratch / "something else"), "");
  EXPECT_EQ(did_you_mean_path(scratch / "missing/flowers"), "");
}

}  // namespace
}  // namespace enxerto
