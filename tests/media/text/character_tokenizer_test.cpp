#include "enxerto/media/text/character_tokenizer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "enxerto/media/text/tokenizer.h"
#include "tests/files/thrown.h"

namespace enxerto {
namespace {

using CharacterIds = std::vector<std::uint32_t>;

CharacterIds ids_of(const Tokenizer& tokenizer, std::string_view text) {
  const EncodedText encoded = tokenizer.encode({&text, 1}, {}, "text");
  const TokenWindow window = encoded.window(0);
  return {window.ids.begin(), window.ids.end()};
}

TEST(CharacterTokenizer, GivesEachCharacterItsNumberBehindTheBeginning) {
  const Tokenizer tokenizer(character_tokenizer(R"({"a": 1, "é": 2, " ": 3, "\n": 4, "<s>": 5})", "v.json"), "v.json");
  EXPECT_EQ(ids_of(tokenizer, "aé a\n"), (CharacterIds{5, 1, 2, 3, 1, 4}));
  EXPECT_EQ(ids_of(tokenizer, "ab"), (CharacterIds{5, 1, 0})) << "0 is an unknown one";
  const CharacterIds text = ids_of(tokenizer, "é a");
  EXPECT_EQ(tokenizer.decode(text), "é a");
  EXPECT_EQ(tokenizer.id_limit(), 6U);
}

TEST(CharacterTokenizer, BeginsNothingWithoutABeginning) {
  const Tokenizer tokenizer(character_tokenizer(R"({"a": 1})", "v.json"), "v.json");
  EXPECT_EQ(ids_of(tokenizer, "aa"), (CharacterIds{1, 1}));
}

TEST(CharacterTokenizer, RefusesWhatIsNoSuchObject) {
  for (const char* text : {"[]", "{}", R"({"ab": 1})", R"({"a": 0})", R"({"a": "1"})", R"({"a": 99999999})", "{"})
    expect_says(thrown_by([&] { (void)character_tokenizer(text, "v.json"); }), ErrorKind::weights, "v.json");
}

}  // namespace
}  // namespace enxerto
