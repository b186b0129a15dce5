#include "enxerto/media/text/learned_pieces.h"

#include <gtest/gtest.h>

#include <string>

#include "enxerto/base/error.h"
#include "enxerto/media/text/numbered_pieces.h"

namespace enxerto {
namespace {

std::string lines_of_text() {
  std::string texts;
  for (int i = 0; i < 20; ++i) texts += "the cat sat on the mat.\nthe dog ate the cat's food\n";
  return texts;
}

TEST(LearnedPieces, MakeTextsThatTheyWereLearnedFrom) {
  const NumberedPieces pieces = NumberedPieces::of_tokenizer(learned_pieces(lines_of_text(), 60, "test"), "test");
  EXPECT_LE(pieces.limit(), 60U);
  EXPECT_EQ(pieces.number_of("</s>"), 0);
  EXPECT_EQ(pieces.unknown(), 1);
  for (const char* text : {"the cat sat on the mat.", "the dog ate the cat's food", "the mat"})
    EXPECT_EQ(pieces.decode(pieces.encode(text, "test")), text);
  EXPECT_EQ(pieces.encode("</s>", "test").size() > 1, true);  // a text cannot end itself
}

TEST(LearnedPieces, AreTheSameEachTimeAndFromTheirRecord) {
  const std::string json = learned_pieces(lines_of_text(), 60, "test");
  EXPECT_EQ(learned_pieces(lines_of_text(), 60, "test"), json);
  const NumberedPieces pieces = NumberedPieces::of_tokenizer(json, "test");
  const NumberedPieces again = NumberedPieces::from_record(pieces.record(), "test");
  EXPECT_EQ(again.encode("the cat ate food", "test"), pieces.encode("the cat ate food", "test"));
}

TEST(LearnedPieces, AreRefusedWhereThereIsRoomForNone) { EXPECT_THROW((void)learned_pieces("a b", 3, "test"), Error); }

}  // namespace
}  // namespace enxerto
