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
  const std::vector<float> loud{0, -0.5F}, silent{0, 0.0005F, -0.0009F};
  losses.add({.text = "one", .parts = 2, .ended = false}, loud);
  losses.add({.text = "two", .parts = 1}, loud);
  TranscriptionNetwork network;
  const std::vector<std::string> found = losses.sentences(network);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NE(found[0].find("1 transcript cut off"), std::string::npos);
  EXPECT_NE(found[1].find("1 recording longer than the 30 s"), std::string::npos);
  losses.add({.text = "", .parts = 1}, silent);
  losses.add({.text = "you", .parts = 1}, silent);
  EXPECT_EQ(losses.sentences(network)[0], "1 transcript of what is nearly silent: words that nobody has said");
}

}  // namespace
}  // namespace enxerto
