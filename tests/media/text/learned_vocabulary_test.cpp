#include "enxerto/media/text/learned_vocabulary.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/media/text/tokenizer.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

using WordIds = std::vector<std::uint32_t>;

WordIds ids_in(const Tokenizer& tokenizer, std::string_view text) {
  const EncodedText encoded = tokenizer.encode({&text, 1}, {}, "text");
  const TokenWindow window = encoded.window(0);
  return {window.ids.begin(), window.ids.end()};
}

TEST(LearnedVocabulary, IsOfWordsInLowerCaseTheMostFrequentFirst) {
  WordCounts counts;
  counts.add("The film. the END, the end?", "a");
  counts.add("Água água film rare", "b");
  const Tokenizer words(counts.tokenizer(), "words");
  // the 3; end, film, água 2, by their bytes.
  EXPECT_EQ(ids_in(words, "The END film ÁGUA rare ?"), (WordIds{2, 3, 4, 5, 6, 1, 1}));
  EXPECT_EQ(words.id_limit(), 7U);
  EXPECT_EQ(words.unknown(), 1U);
}

TEST(LearnedVocabulary, HasTheMostFrequentWordsAlone) {
  WordCounts counts;
  counts.add("a a a b b b b c c", "a");
  EXPECT_EQ(Tokenizer(counts.tokenizer({.most = 2}), "words").id_limit(), 5U);
  EXPECT_EQ(Tokenizer(counts.tokenizer({.fewest = 4}), "words").id_limit(), 4U);
}

TEST(LearnedVocabulary, NeedsAWordThatComesBack) {
  WordCounts counts;
  expect_says(thrown_by([&] { (void)counts.tokenizer(); }), ErrorKind::data, "bytes");
  EXPECT_THROW(counts.add("\xFF", "a"), Error);
}

TEST(LearnedVocabulary, OfBytesLosesNothing) {
  const Tokenizer bytes(byte_tokenizer(), "bytes");
  EXPECT_EQ(bytes.id_limit(), 258U);
  const std::string text = "A b\n\té \xF0\x9F\x99\x82";
  const WordIds ids = ids_in(bytes, text);
  ASSERT_EQ(ids.size(), text.size() + 1);
  EXPECT_EQ(ids.front(), 1U);
  for (std::size_t i = 0; i < text.size(); ++i) EXPECT_EQ(ids[i + 1], 2U + static_cast<unsigned char>(text[i]));
  EXPECT_EQ(bytes.decode(ids), text);
}

}  // namespace
}  // namespace enxerto
