#include "enxerto/media/text/tokenizer.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "enxerto/base/error.h"
#include "enxerto/files/json.h"

namespace enxerto {
namespace {

/// A tokenizer.json and what the Python library gives for some texts; made by tools/golden/tokenizers_of_texts.py.
class TokenizerGolden : public ::testing::TestWithParam<const char*> {
 protected:
  TokenizerGolden() {
    std::ifstream file(std::string(ENXERTO_TEST_DATA) + "/text/" + GetParam() + ".json");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    golden_ = parse_json(text, GetParam());
  }
  Json golden_;
};

Json as_json(const TokenWindow& window) {
  Json pieces = Json::array(), offsets = Json::array(), sequences = Json::array();
  for (std::size_t i = 0; i < window.size(); ++i) {
    pieces.push_back(window.piece(i));
    offsets.push_back({window.offsets[i * 2], window.offsets[i * 2 + 1]});
    sequences.push_back(window.sequences[i]);
  }
  const auto list = [](std::span<const std::uint32_t> numbers) {
    return Json(std::vector<std::uint32_t>(numbers.begin(), numbers.end()));
  };
  return {{"ids", list(window.ids)},
          {"types", list(window.type_ids)},
          {"mask", list(window.attention)},
          {"special", list(window.special)},
          {"sequences", sequences},
          {"offsets", offsets},
          {"pieces", pieces}};
}

TEST_P(TokenizerGolden, GivesWhatTheLibraryGives) {
  const Tokenizer tokenizer(golden_["tokenizer"].dump(), "tokenizer.json");
  ASSERT_GT(golden_["cases"].size(), 10U);
  for (const Json& known : golden_["cases"]) {
    std::vector<std::string> texts = known["texts"];
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    const EncodeOptions options{.max_length = known["max_length"],
                                .stride = known["stride"],
                                .strategy = *from_word<TruncationStrategy>(known["strategy"].get<std::string>()),
                                .from_left = known["left"],
                                .template_tokens = known["template"]};
    const EncodedText encoded = tokenizer.encode(views, options, "text");
    Json windows = Json::array();
    for (std::size_t i = 0; i < encoded.windows(); ++i) windows.push_back(as_json(encoded.window(i)));
    EXPECT_EQ(windows.dump(), known["windows"].dump()) << known["texts"].dump();
    EXPECT_EQ(tokenizer.decode(encoded.window(0).ids), known["decoded"].get<std::string>()) << known["texts"].dump();
    EXPECT_EQ(tokenizer.decode(encoded.window(0).ids, false), known["decoded_whole"].get<std::string>())
        << known["texts"].dump();
  }
  EXPECT_EQ(tokenizer.vocabulary_size(), golden_["pieces"].get<std::size_t>());
}
INSTANTIATE_TEST_SUITE_P(Layouts, TokenizerGolden,
                         ::testing::Values("wordpiece", "byte_level", "unigram", "word_level"),
                         [](const auto& row) { return row.param; });

constexpr std::string_view kWords = R"({"version": "1.0", "added_tokens": [], "normalizer": null,
  "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null, "truncation": null, "padding": null,
  "model": {"type": "WordLevel", "vocab": {"?": 0, "a": 1, "b": 2, "ol\u00e1": 7}, "unk_token": "?"}})";

TEST(Tokenizer, KnowsItsVocabulary) {
  const Tokenizer tokenizer(kWords, "t");
  EXPECT_EQ(tokenizer.vocabulary_size(), 4U);
  EXPECT_EQ(tokenizer.id_limit(), 8U);
  EXPECT_EQ(tokenizer.unknown(), 0U);
  EXPECT_EQ(tokenizer.id_of("b"), 2U);
  EXPECT_EQ(tokenizer.id_of("c"), std::nullopt);
  EXPECT_EQ(tokenizer.piece_of(7), "ol\xC3\xA1");
  EXPECT_EQ(tokenizer.piece_of(6), std::nullopt);
}

TEST(Tokenizer, OffsetsInBytesAreThoseOfTheirCharacters) {
  const Tokenizer tokenizer(kWords, "t");
  const std::vector<std::string_view> texts{"ol\xC3\xA1 b", "\xF0\x9F\x98\x80 a"};
  const EncodedText encoded = tokenizer.encode(texts, {}, "text");
  EXPECT_EQ(byte_offsets(encoded.window(0), texts), (std::vector<std::size_t>{0, 4, 5, 6, 0, 4, 5, 6}));
}

TEST(Tokenizer, AFileThatIsNoneIsRefused) {
  for (const std::string_view text : {"", "{", "{\"model\": 3}", "{\"model\": {\"type\": \"BPE\"}}", "\xFF\xFE"}) {
    try {
      const Tokenizer tokenizer(text, "folder/tokenizer.json");
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::weights);
      EXPECT_EQ(error.text().where, "folder/tokenizer.json");
    }
  }
}

TEST(Tokenizer, WindowsWithoutRoomForTextAreRefusedBeforeTheLibraryPanics) {
  const Tokenizer tokenizer(kWords, "t");
  const std::vector<std::string_view> texts{"a b a b"};
  EXPECT_THROW(tokenizer.encode(texts, {.max_length = 2, .stride = 2}, "text"), Error);
  EXPECT_EQ(tokenizer.encode(texts, {.max_length = 2, .stride = 1}, "text").windows(), 3U);
}

TEST(Tokenizer, APanicOfTheLibraryIsAnError) {
  const Tokenizer tokenizer(kWords, "t");
  const std::vector<std::string_view> texts{"a b a b a b", "a b a b a b"};
  EXPECT_THROW(tokenizer.encode(texts, {.max_length = 5, .stride = 4}, "text"), Error);  // 2 tokens of each
}

TEST(Tokenizer, ALongTextIsRefused) {
  const Tokenizer tokenizer(kWords, "t");
  const std::string text((std::size_t{16} << 20) + 1, 'a');
  const std::vector<std::string_view> texts{text};
  EXPECT_THROW(tokenizer.encode(texts, {}, "text"), Error);
}

TEST(Tokenizer, IsSharedWhileSomebodyHasIt) {
  const auto one = shared_tokenizer(kWords, "t");
  EXPECT_EQ(one, shared_tokenizer(kWords, "t"));
}

}  // namespace
}  // namespace enxerto
