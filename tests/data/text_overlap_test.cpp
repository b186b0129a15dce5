#include "enxerto/data/text_overlap.h"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <vector>

#include "enxerto/data/check_data.h"
#include "enxerto/data/open.h"
#include "enxerto/data/target_kind.h"
#include "enxerto/data/translation_pairs.h"
#include "tests/data/workplace.h"

namespace enxerto {
namespace {

using testing::Workplace;

const TableOptions kLinesOfText{.kind = std::string(kTextTarget), .documents = "lines"};

/// Of the lines of a file: the first `learned` are learned from, the others held out.
std::vector<TextOverlap> overlaps_of(const std::string& text, std::size_t learned) {
  const Workplace place;
  place.write("t.txt", text);
  const DatasetPtr all = open_data(place.path() / "t.txt", kLinesOfText).all;
  std::vector<std::size_t> positions(all->size());
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  const std::span<const std::size_t> every(positions);
  return text_overlaps(*all, every.first(learned), every.subspan(learned));
}

TEST(TextOverlap, CountsLinesThatStandInBothAndTheLongestRunOfWords) {
  const auto found = overlaps_of(
      "the quick brown fox jumps over the lazy dog and sleeps\n"
      "one two three four five\n"
      "a short line\n"
      "one two three four five\n"
      "a short line\n"
      "they say that quick brown fox jumps over the lazy dog and cat\n",
      3);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].lines, 2U) << "of five words and more";
  EXPECT_EQ(found[0].shared, 1U);
  EXPECT_EQ(found[0].run_words, 9U);
  EXPECT_EQ(found[0].run, "quick brown fox jumps over the lazy dog and");
  EXPECT_EQ(
      overlap_text(found, "test"),
      "test lines of five words and more that stand in the training part too: 1 of 2; the longest run of words in "
      "both: 9 words");
  EXPECT_TRUE(is_suspicious(found));
}

TEST(TextOverlap, HasNoRunAcrossTheBorderOfTexts) {
  const auto found = overlaps_of("a b c d e\nf g h i j\na b c d e f g h i j\n", 2);
  EXPECT_EQ(found.at(0).run_words, 0U);
  EXPECT_FALSE(is_suspicious(found));
  EXPECT_EQ(longest_runs_text(found), "");
}

TEST(TextOverlap, OfACopyIsFoundInNoTime) {
  std::string text;
  for (std::size_t i = 0; i < 40'000; ++i) text += "word" + std::to_string(i * i % 7919) + " ";
  const auto found = overlaps_of(text + "\n" + text + "\n", 1);
  EXPECT_EQ(found.at(0).run_words, 40'000U);
}

TEST(TextOverlap, OfTranslationsIsThatOfEachSide) {
  const Workplace place;
  place.write("t.jsonl",
              "{\"translation\": {\"en\": \"the cat sleeps on the mat\", \"pt\": \"o gato dorme no tapete dele\"}}\n"
              "{\"translation\": {\"en\": \"the dog sleeps on the mat\", \"pt\": \"o gato dorme no tapete dele\"}}\n");
  const DatasetPtr all = open_translation_pairs(place.path() / "t.jsonl", {}, no_progress()).all;
  const std::vector<std::size_t> learned{0}, held_out{1};
  const auto found = text_overlaps(*all, learned, held_out);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].side, "sources");
  EXPECT_EQ(found[0].shared, 0U);
  EXPECT_EQ(found[1].shared, 1U);
  EXPECT_NE(overlap_text(found, "test").find("0 of 1 of the sources, 1 of 1 of the targets"), std::string::npos)
      << overlap_text(found, "test");
}

TEST(TextOverlap, OfLabelledTextsIsNotLookedAt) {
  const Workplace place;
  place.write("t.csv", "text,label\none two three four five,a\none two three four five,b\n");
  const DatasetPtr all = open_data(place.path() / "t.csv").all;
  const std::vector<std::size_t> learned{0}, held_out{1};
  EXPECT_TRUE(text_overlaps(*all, learned, held_out).empty());
}

TEST(TextOverlap, OfTestDataOfTheirOwnIsPartOfACheck) {
  const Workplace place;
  place.write("learned.txt", "one two three four five\nsix seven eight nine ten\n");
  place.write("asked.txt", "one two three four five\nno line of the others is here\n");
  const DataCheck check = check_data(place.path() / "learned.txt", place.path() / "asked.txt", kLinesOfText, 1);
  ASSERT_EQ(check.overlaps.size(), 1U);
  EXPECT_EQ(check.overlaps[0].shared, 1U);
  EXPECT_TRUE(check.wrong.empty());
}

}  // namespace
}  // namespace enxerto
