#include "enxerto/media/text/text_pieces.h"

#include <gtest/gtest.h>

#include <string>

#include "enxerto/media/piece.h"
#include "enxerto/media/text/learned_vocabulary.h"
#include "enxerto/media/text/text_preprocessor.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

const Tokenizer& of_bytes() {
  static const Tokenizer tokenizer(byte_tokenizer(), "bytes");
  return tokenizer;
}

std::vector<std::string> parts(std::string_view text, std::size_t most) {
  std::vector<std::string> found;
  for (const TextPiece& piece : text_pieces(of_bytes(), text, most, "text"))
    found.emplace_back(text.substr(piece.begin, piece.end - piece.begin));
  return found;
}

TEST(TextPieces, AreCutBetweenWordsAndAreTheWholeText) {
  EXPECT_EQ(parts("one two three four", 9), (std::vector<std::string>{"one two ", "three ", "four"}));
  std::string all;
  const std::string text = "To be, or not to be:\nthat is the question.";
  for (const std::string& part : parts(text, 10)) all += part;
  EXPECT_EQ(all, text);
}

TEST(TextPieces, AreCutBetweenCharactersWhereThereAreNoWords) {
  for (const std::string& part : parts("ééééééé", 5)) EXPECT_EQ(part.size() % 2, 0U) << part;
}

TEST(TextPieces, NeverHaveNothingButSpaces) {
  EXPECT_TRUE(parts("  \n ", 3).empty());
  for (const std::string& part : parts("a                 b", 4))
    EXPECT_NE(part.find_first_not_of(' '), std::string::npos);
}

TEST(TextPieces, HaveTheTokensThatTheyAreReadAs) {
  const std::string_view text = "abcdef";
  for (const TextPiece& piece : text_pieces(of_bytes(), text, 4, "text")) {
    const std::string_view part = text.substr(piece.begin, piece.end - piece.begin);
    EXPECT_EQ(piece.tokens.size(), part.size());
    EXPECT_EQ(of_bytes().decode(piece.tokens), part);
    EXPECT_EQ(piece.first_end, piece.begin + 1);
  }
}

TEST(TextPieces, GoOverTextsThatAreLongerThanAStretch) {
  std::string text;
  while (text.size() < 2 * kStretch) text += "a line of words\n";
  std::size_t end = 0;
  for (const TextPiece& piece : text_pieces(of_bytes(), text, 1000, "text")) {
    EXPECT_EQ(piece.begin, end);
    end = piece.end;
  }
  EXPECT_EQ(end, text.size());
}

Field field_of(std::string_view text) {
  return {.medium = Medium::text,
          .bytes = Tensor::copied(DType::u8, {static_cast<std::int64_t>(text.size())}, std::as_bytes(std::span(text)))};
}

TEST(Pieces, CountWhatHasATokenBeforeIt) {
  const PreprocessorPtr begun = text_preprocessor({.tokenizer = byte_tokenizer(), .max_length = 5}, "t");
  const Field field = field_of("abc defg");
  const std::vector<Piece> pieces = begun->pieces({&field, 1}, "t");
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0].bytes, 4U) << "behind the beginning every byte can be foretold";
  EXPECT_EQ(pieces[0].tokens.size(), 4U);
  EXPECT_EQ(pieces[1].bytes, 4U);
}

TEST(Pieces, RefusePairsAndWhatIsNoText) {
  const PreprocessorPtr bytes = text_preprocessor({.tokenizer = byte_tokenizer()}, "t");
  const std::vector<Field> pair{field_of("a"), field_of("b")};
  EXPECT_THROW((void)bytes->pieces(pair, "t"), Error);
  const Field bad = field_of("\xFF\xFE");
  expect_says(thrown_by([&] { (void)bytes->pieces({&bad, 1}, "book.txt"); }), ErrorKind::data, "book.txt");
}

}  // namespace
}  // namespace enxerto
