#include "enxerto/media/text/decode_stream.h"

#include <gtest/gtest.h>

#include "enxerto/media/text/learned_vocabulary.h"

namespace enxerto {
namespace {

std::shared_ptr<const Tokenizer> bytes() { return shared_tokenizer(byte_tokenizer(), "bytes"); }

std::vector<std::int64_t> byte_ids(const Tokenizer& tokenizer, std::string_view text) {
  const EncodedText encoded = tokenizer.encode({&text, 1}, {.template_tokens = false}, "text");
  const auto ids = encoded.window(0).ids;
  return {ids.begin(), ids.end()};
}

TEST(DecodeStream, GivesWholeCharactersAlone) {
  const auto tokenizer = bytes();
  DecodeStream stream(tokenizer, byte_ids(*tokenizer, "ol"));
  std::vector<std::string> parts;
  for (const std::int64_t id : byte_ids(*tokenizer, "\xC3\xA1 \xE2\x82\xAC!")) parts.push_back(stream.add(id));
  EXPECT_EQ(parts, (std::vector<std::string>{"", "\xC3\xA1", " ", "", "", "\xE2\x82\xAC", "!"}));
  EXPECT_EQ(stream.rest(), "");
}

TEST(DecodeStream, GivesWhatStayedInPiecesAtTheEnd) {
  const auto tokenizer = bytes();
  DecodeStream stream(tokenizer, {});
  const std::vector<std::int64_t> ids = byte_ids(*tokenizer, "a\xC3\xA1");
  EXPECT_EQ(stream.add(ids[0]), "a");
  EXPECT_EQ(stream.add(ids[1]), "");
  EXPECT_EQ(stream.rest(), "\xEF\xBF\xBD");
  EXPECT_EQ(stream.rest(), "");
}

}  // namespace
}  // namespace enxerto
