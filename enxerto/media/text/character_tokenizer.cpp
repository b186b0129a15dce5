#include "enxerto/media/text/character_tokenizer.h"

#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"
#include "enxerto/media/text/code_points.h"
#include "enxerto/media/text/tokenizer_json.h"

namespace enxerto {
namespace {

constexpr const char *kBegin = "<s>", *kUnknown = "<unk>";
constexpr std::int64_t kMostCharacters = 0x110000;

bool is_character(const std::string& text) { return code_point_begins(text).size() == 2; }

Json begin_template(std::int64_t id) {
  const Json piece = piece_of_template(kBegin, 0), text = text_of_template("A", 0);
  return {{"type", "TemplateProcessing"},
          {"single", {piece, text}},
          {"pair", {piece, text, text_of_template("B", 1)}},
          {"special_tokens", {{kBegin, {{"id", kBegin}, {"ids", {id}}, {"tokens", {kBegin}}}}}}};
}

}  // namespace

std::string character_tokenizer(std::string_view vocabulary, const std::string& where) {
  const Json object = parse_json(vocabulary, where, ErrorKind::weights);
  const auto refuse = [&](std::string found) {
    throw weights_error(where, std::move(found), "an object of characters and their numbers, from 1 up");
  };
  if (!object.is_object() || object.empty()) refuse("no such object");
  TokenizerParts parts;
  parts.added = Json::array();
  VocabularyJson words = VocabularyJson::object();
  for (const auto& [key, value] : object.items()) {
    const bool special = key == kBegin;
    if (!special && !is_character(key)) refuse(fmt::format("the key '{}'", as_utf8(key).substr(0, 80)));
    if (!value.is_number_integer() || value < 1 || value >= kMostCharacters)
      refuse(fmt::format("{} for '{}'", value.dump(-1, ' ', true).substr(0, 80), as_utf8(key)));
    words[key] = value.get<std::int64_t>();
    if (special) parts.added.push_back(added_token(key, value));
  }
  words[kUnknown] = 0;
  if (words.contains(kBegin)) parts.post_processor = begin_template(words[kBegin].get<std::int64_t>());
  parts.pre_tokenizer = {
      {"type", "Split"}, {"pattern", {{"Regex", "[\\s\\S]"}}}, {"behavior", "Isolated"}, {"invert", false}};
  parts.decoder = {{"type", "Fuse"}};
  parts.model = {{"type", "WordLevel"}, {"vocab", std::move(words)}, {"unk_token", kUnknown}};
  return tokenizer_json(parts);
}

}  // namespace enxerto
