#include "enxerto/media/text/byte_pair_vocabulary.h"

#include <gtest/gtest.h>

#include <string_view>

#include "enxerto/base/error.h"
#include "enxerto/media/text/tokenizer.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

const std::string kSpacePiece = "\xC4\xA0";  // Ġ

BytePairVocabulary vocabulary_of(const std::string& rule) {
  return {.pieces = {"<|end|>", "a", "b", "ab", "1", "2", "12", kSpacePiece, kSpacePiece + "a", "<mine>", "[PAD0]",
                     "\xC4\x8A"},
          .merges = {"a b", "1 2", kSpacePiece + " a"},
          .kinds = {3, 1, 1, 1, 1, 1, 1, 1, 1, 4, 5, 1},
          .rule = rule};
}

std::vector<std::uint32_t> ids_of(const BytePairVocabulary& vocabulary, std::string_view text) {
  const Tokenizer tokenizer(tokenizer_json(vocabulary, "file"), "file");
  const std::string_view texts[] = {text};
  const EncodedText encoded = tokenizer.encode(texts, {}, "text");
  const auto ids = encoded.window(0).ids;
  return {ids.begin(), ids.end()};
}

using PieceIds = std::vector<std::uint32_t>;

TEST(BytePairVocabulary, CutsDigitsWhereItsRuleDoes) {
  EXPECT_EQ(ids_of(vocabulary_of("gpt-2"), "ab12 a"), (PieceIds{3, 6, 8}));
  EXPECT_EQ(ids_of(vocabulary_of("smollm"), "ab12 a"), (PieceIds{3, 4, 5, 8}));
  EXPECT_EQ(ids_of(vocabulary_of("qwen2"), "ab12 a"), (PieceIds{3, 4, 5, 8}));
  EXPECT_EQ(ids_of(vocabulary_of("qwen2"), "ab\n\na"), (PieceIds{3, 11, 11, 1}));
}

TEST(BytePairVocabulary, FindsItsControlTokensInTexts) {
  EXPECT_EQ(ids_of(vocabulary_of("smollm"), "a<|end|>b<mine>"), (PieceIds{1, 0, 2, 9}));
}

TEST(BytePairVocabulary, PutsTokensAroundTextsWhereItSaysSo) {
  BytePairVocabulary vocabulary = vocabulary_of("smollm");
  vocabulary.begin = 0;
  vocabulary.end = 9;
  EXPECT_EQ(ids_of(vocabulary, "a"), (PieceIds{1}));
  vocabulary.adds_begin = true;
  EXPECT_EQ(ids_of(vocabulary, "a"), (PieceIds{0, 1}));
  vocabulary.adds_end = true;
  EXPECT_EQ(ids_of(vocabulary, "a"), (PieceIds{0, 1, 9}));
}

TEST(BytePairVocabulary, OfLlama3BeginsTextsUnlessItSaysNot) {
  BytePairVocabulary vocabulary = vocabulary_of("llama-bpe");
  vocabulary.begin = 0;
  EXPECT_EQ(ids_of(vocabulary, "12"), (PieceIds{0, 6}));
  vocabulary.adds_begin = false;
  EXPECT_EQ(ids_of(vocabulary, "12"), (PieceIds{6}));
}

void expect_refused(const BytePairVocabulary& vocabulary, const std::string& says) {
  expect_says(thrown_by([&] { (void)tokenizer_json(vocabulary, "file"); }), ErrorKind::weights, says);
}

TEST(BytePairVocabulary, IsRefusedByARuleThatIsNotKnown) {
  expect_refused(vocabulary_of("tekken"), "the rule 'tekken'");
  expect_refused(vocabulary_of("tekken"), "gpt-2, smollm");
}

TEST(BytePairVocabulary, IsRefusedWhereItsPartsDoNotFit) {
  BytePairVocabulary vocabulary = vocabulary_of("gpt-2");
  vocabulary.kinds.pop_back();
  expect_refused(vocabulary, "12 tokens and the types of 11");
  vocabulary = vocabulary_of("gpt-2");
  vocabulary.pieces[2] = "a";
  expect_refused(vocabulary, "the token 'a' twice");
  vocabulary = vocabulary_of("gpt-2");
  vocabulary.pieces[2] = "\xff";
  expect_refused(vocabulary, "tokens in UTF-8");
  vocabulary = vocabulary_of("gpt-2");
  vocabulary.adds_begin = true;
  expect_refused(vocabulary, "adds a token to texts");
  expect_refused({.pieces = {}, .merges = {}, .kinds = {}, .rule = "gpt-2"}, "0 tokens and 0 merges");
}

}  // namespace
}  // namespace enxerto
