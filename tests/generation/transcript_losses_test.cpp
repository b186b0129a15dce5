#include "enxerto/generation/transcript_losses.h"

#include <gtest/gtest.h>

#include <string>

namespace enxerto {
namespace {

/// Python: len(text) / len(zlib.compress(text))
TEST(TranscriptLosses, CompressAsWhisperDoes) {
  EXPECT_EQ(compression_ratio(""), 0);
  EXPECT_NEAR(compression_ratio("so they say so they say so they say so they say"), 47.0 / 21, 1e-9);
  EXPECT_LT(compression_ratio("seven two nine three seven"), 1);
}

TEST(TranscriptLosses, KnowWhatGoesInCirclesWithoutSpaces) {
  std::string circles;
  for (int i = 0; i < 20; ++i) circles += "lalala";
  EXPECT_TRUE(goes_in_circles(circles));
  EXPECT_FALSE(goes_in_circles("seven two nine three seven"));
}

TEST(TranscriptLosses, AreToldOnceEach) {
  TranscriptLosses losses;
  losses.add({.text = "one", .parts = 2, .ended = false});
  losses.add({.text = "two", .parts = 1});
  TranscriptionNetwork network;
  const std::vector<std::string> found = losses.sentences(network);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NE(found[0].find("1 transcript cut off"), std::string::npos);
  EXPECT_NE(found[1].find("1 recording longer than the 30 s"), std::string::npos);
}

}  // namespace
}  // namespace enxerto
