#include "enxerto/base/nearest.h"

#include <gtest/gtest.h>

#include <array>

namespace enxerto {
namespace {

const std::array<std::string, 3> kWords{"--backbone", "--batch", "train"};

TEST(Nearest, FindsTheWordBehindASlipOfTheFinger) {
  EXPECT_EQ(nearest("--bakbone", kWords), "--backbone");
  EXPECT_EQ(nearest("trian", kWords), "train");
}

TEST(Nearest, FindsNothingWhereNothingIsNear) { EXPECT_EQ(nearest("--quantise", kWords), std::nullopt); }

TEST(Nearest, CountsASwapOfNeighboursAsOneEdit) { EXPECT_EQ(nearest("rt", std::array<std::string, 1>{"tr"}), "tr"); }

}  // namespace
}  // namespace enxerto
