#include "enxerto/tasks/image_classification.h"

#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

using image_classification::top_k;

const std::vector<std::string> kLabels{"a", "b", "c", "d"};

TEST(TopK, ComesBestFirst) {
  const auto best = top_k(std::vector<float>{0.1F, 0.5F, 0.15F, 0.25F}, kLabels, 2);
  ASSERT_EQ(best.size(), 2U);
  EXPECT_EQ(best[0].label, "b");
  EXPECT_EQ(best[0].index, 1);
  EXPECT_EQ(best[0].probability, 0.5);
  EXPECT_EQ(best[1].label, "d");
}

TEST(TopK, BreaksTiesByTheLowerIndex) {
  const auto best = top_k(std::vector<float>{0.25F, 0.25F, 0.25F, 0.25F}, kLabels, 4);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(best[i].index, static_cast<std::int64_t>(i));
}

TEST(TopK, PutsWhatIsNotANumberLast) {
  const auto best = top_k(std::vector<float>{std::nanf(""), 0.0F, 0.2F, std::nanf("")}, kLabels, 4);
  EXPECT_EQ(best[0].label, "c");
  EXPECT_EQ(best[1].label, "b");
  EXPECT_EQ(best[2].label, "a");
}

TEST(TopK, GivesNoMoreThanThereAre) {
  EXPECT_EQ(top_k(std::vector<float>{1, 0, 0, 0}, kLabels, 99).size(), 4U);
  EXPECT_TRUE(top_k(std::vector<float>{1, 0, 0, 0}, kLabels, 0).empty());
}

TEST(TopK, RefusesAnotherNumberOfProbabilities) { EXPECT_THROW(top_k(std::vector<float>{1, 0}, kLabels, 1), Error); }

}  // namespace
}  // namespace enxerto
