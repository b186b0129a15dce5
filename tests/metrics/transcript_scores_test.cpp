#include "enxerto/metrics/transcript_scores.h"

#include <gtest/gtest.h>

#include <cmath>

#include "enxerto/base/error.h"
#include "enxerto/metrics/transcript_text.h"

namespace enxerto {
namespace {

TEST(EditDistance, CountsWordsAsJiwerDoes) {
  EXPECT_EQ(word_edits("one two", "one  two  ").edits, 0U);
  EXPECT_EQ(word_edits("one\t two", " one two").edits, 0U) << "several blanks are one space";
  EXPECT_EQ(word_edits("one\ttwo", "one two").edits, 2U) << "a single tab is a part of a word";
  const Edits edits = word_edits("a x c d", "a b c");
  EXPECT_EQ(edits.edits, 2U);
  EXPECT_EQ(edits.length, 3U);
  EXPECT_EQ(word_edits("", "a b").edits, 2U);
  EXPECT_EQ(word_edits("a b", "").length, 0U);
}

TEST(EditDistance, CountsCharactersWithSpaces) {
  EXPECT_EQ(character_edits("n\xC3\xA3o", "nao").edits, 1U);
  EXPECT_EQ(character_edits(" ab ", "a b").edits, 1U);
  EXPECT_EQ(character_edits("ab", "a b").length, 3U);
}

TEST(TranscriptScores, AreOfTheWholeAndNoMeanOfTranscripts) {
  TranscriptScores scores;
  scores.add("one two three four", "one two three four");
  scores.add("Five.", "five");
  scores.add("", "six");
  MetricsReport report;
  scores.report(report);
  EXPECT_DOUBLE_EQ(report["wer"].value, 2.0 / 6);
  EXPECT_DOUBLE_EQ(report["wer_lower"].value, 2.0 / 6);
  EXPECT_DOUBLE_EQ(report["wer_lower_without_punctuation"].value, 1.0 / 6);
  EXPECT_DOUBLE_EQ(report["empty"].value, 1.0 / 3);
  EXPECT_EQ(report["wer"].baseline->value, 1);
  EXPECT_FALSE(report["wer"].higher_is_better);
}

TEST(TranscriptScores, AreNotANumberWithoutAReference) {
  TranscriptScores scores;
  MetricsReport report;
  scores.report(report);
  EXPECT_TRUE(std::isnan(report["wer"].value));
}

TEST(TranscriptNormaliser, MakesCaseAndPunctuationAlike) {
  const auto plain = transcript_normaliser("lower_without_punctuation").normalised;
  EXPECT_EQ(plain("  It's \"O'Neil's\", n\xC3\x83O! 5$"), "it's o'neil's n\xC3\xA3o 5");
  EXPECT_THROW((void)transcript_normaliser("lowr"), Error);
}

}  // namespace
}  // namespace enxerto
