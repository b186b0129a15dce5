#include "enxerto/generation/text_measures.h"

#include <gtest/gtest.h>

namespace enxerto {
namespace {

/// By trying all.
std::size_t longest_by_trying(std::string_view text, std::string_view other) {
  std::size_t longest = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    for (std::size_t size = longest + 1; i + size <= text.size(); ++size)
      if (other.find(text.substr(i, size)) != std::string_view::npos) longest = size;
  return longest;
}

TEST(TextMeasures, FindTheLongestTextThatIsCopied) {
  const LongestCopy copy = longest_copy("He says: to be or not. So.", "To be or not to be or noticed");
  EXPECT_EQ(copy.text, " to be or not");
  EXPECT_EQ(copy.begin, 8U);
  EXPECT_EQ(copy.begin_in, 12U);
}

TEST(TextMeasures, FindWhatTryingAllFinds) {
  std::uint64_t state = 1;
  const auto letter = [&] {
    return static_cast<char>('a' + (state = state * 6364136223846793005U + 1) / (1ULL << 62U));
  };
  for (int round = 0; round < 50; ++round) {
    std::string text, other;
    for (int i = 0; i < 40; ++i) text += letter();
    for (int i = 0; i < 90; ++i) other += letter();
    const LongestCopy copy = longest_copy(text, other);
    EXPECT_EQ(copy.text.size(), longest_by_trying(text, other));
    EXPECT_EQ(text.substr(copy.begin, copy.text.size()), copy.text);
    EXPECT_EQ(other.substr(copy.begin_in, copy.text.size()), copy.text);
  }
}

TEST(TextMeasures, CopyWholeCharacters) {
  EXPECT_EQ(longest_copy("\xC3\xA1 b", "\xC3\xA0\xC4\xA1 b").text, " b");
  EXPECT_EQ(longest_copy("", "abc").text, "");
  EXPECT_EQ(longest_copy("abc", "").text, "");
}

TEST(TextMeasures, CountDifferentRunsAndThoseThatComeAgain) {
  const std::vector<std::vector<std::int64_t>> texts{{1, 2, 3, 4, 1, 2, 3, 4}, {1, 2}};
  const Repetition found = repetition_of(texts);
  EXPECT_DOUBLE_EQ(found.distinct[0], 0.4);
  EXPECT_DOUBLE_EQ(found.distinct[1], 4.0 / 8);
  EXPECT_DOUBLE_EQ(found.distinct[3], 4.0 / 5);
  EXPECT_DOUBLE_EQ(found.repeated_4grams, 1.0 / 5);
}

}  // namespace
}  // namespace enxerto
