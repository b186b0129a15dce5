#include "enxerto/generation/stop_texts.h"

#include <gtest/gtest.h>

#include <vector>

namespace enxerto {
namespace {

using Texts = std::vector<std::string>;

TEST(StopTexts, AreFoundWhereTheyEndBehindWhatWasKnown) {
  const auto place = find_stop("one. Two. Three", Texts{"Three", "Two"}, 4);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->begin, 5U);
  EXPECT_EQ(place->stop, "Two");
  EXPECT_FALSE(find_stop("one. Two", Texts{"Twos", "three"}, 0));
}

TEST(StopTexts, AreFoundAcrossTheBorderOfWhatWasKnown) { EXPECT_EQ(find_stop("abcd", Texts{"bc"}, 2)->begin, 1U); }

TEST(StopTexts, HoldBackTheLongestBeginningOfOne) {
  EXPECT_EQ(held_back("a text\nUs", Texts{"\nUser:", "s"}), 3U);
  EXPECT_EQ(held_back("a text", Texts{"\nUser:"}), 0U);
  EXPECT_EQ(held_back("", Texts{"x"}), 0U);
}

}  // namespace
}  // namespace enxerto
