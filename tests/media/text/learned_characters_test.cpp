#include "enxerto/media/text/learned_characters.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/media/text/tokenizer.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

TEST(LearnedCharacters, AreNumberedByTheirCodePointsAndLoseNothing) {
  CharacterSet characters;
  characters.add("ba a\n", "a");
  characters.add("é\"\\", "b");
  const Tokenizer tokenizer(characters.tokenizer(), "characters");
  EXPECT_EQ(tokenizer.id_limit(), 8U);
  EXPECT_EQ(tokenizer.unknown(), 0U);
  const std::string text = "é\n \"ab\\";
  const std::string_view view = text;
  const EncodedText encoded = tokenizer.encode({&view, 1}, {}, "text");
  const TokenWindow window = encoded.window(0);
  const std::vector<std::uint32_t> ids(window.ids.begin(), window.ids.end());
  EXPECT_EQ(ids, (std::vector<std::uint32_t>{7, 1, 2, 3, 5, 6, 4}));
  EXPECT_EQ(tokenizer.decode(ids), text);
}

TEST(LearnedCharacters, TakeNoWordForOneOfTheirOwn) {
  CharacterSet characters;
  characters.add("<unk>", "a");
  const Tokenizer tokenizer(characters.tokenizer(), "characters");
  const std::string_view text = "<unk>?";
  const EncodedText encoded = tokenizer.encode({&text, 1}, {}, "text");
  ASSERT_EQ(encoded.window(0).size(), 6U);
  EXPECT_EQ(encoded.window(0).ids[5], 0U) << "a character that was not there";
}

TEST(LearnedCharacters, NeedATextInUtf8) {
  CharacterSet characters;
  expect_says(thrown_by([&] { (void)characters.tokenizer(); }), ErrorKind::data, "no characters");
  EXPECT_THROW(characters.add("\xFF", "a"), Error);
}

}  // namespace
}  // namespace enxerto
