#include "enxerto/pretrained/speech/ctc_vocabulary.h"

#include <utility>

#include <fmt/format.h>

#include "enxerto/base/lower_case.h"
#include "enxerto/base/to_size.h"
#include "enxerto/files/is_file.h"

namespace enxerto {
namespace {

using Path = std::filesystem::path;

constexpr std::int64_t kMostUnits = 100'000;

/// A token of tokenizer_config.json: a text, or an object with its "content".
std::string token_in(const HubConfig& config, const std::string& key, const std::string& usual) {
  const Json* const found = config.find(key);
  if (found != nullptr && found->is_object()) return config.inside(key).text("content", usual);
  return config.text(key, usual);
}

class Units {
 public:
  Units(std::int64_t count, std::string where) : texts_(to_size(count)), where_(std::move(where)) {}

  void set(const HubConfig& from, const std::string& text, std::int64_t number) {
    if (number < 0 || number >= std::ssize(texts_))
      from.fail(fmt::format("has the token '{}' as number {}, but {} has 'vocab_size' {}", text, number, where_,
                            texts_.size()),
                "the vocabulary of the same network");
    texts_[to_size(number)] = text;
  }

  std::vector<std::string> take() && { return std::move(texts_); }

 private:
  std::vector<std::string> texts_;
  std::string where_;
};

void set_all(Units& units, const HubConfig& from, const Json& tokens) {
  for (const auto& [text, number] : tokens.items()) {
    if (number.is_object())
      from.fail("has a vocabulary for each of several languages", "the vocabulary of one",
                "keep one language's in vocab.json, with the adapter of that language in the weights");
    if (!number.is_number_integer()) from.fail(fmt::format("has no number for the token '{}'", text), "one for each");
    units.set(from, text, number.get<std::int64_t>());
  }
}

/// "added_tokens_decoder": {"31": {"content": "<s>"}}
void set_added(Units& units, const HubConfig& tokenizer) {
  const Json* const added = tokenizer.find("added_tokens_decoder");
  if (added == nullptr || !added->is_object()) return;
  for (const auto& [number, token] : added->items())
    if (token.is_object() && token.contains("content") && token["content"].is_string() && !number.empty() &&
        number.find_first_not_of("0123456789") == std::string::npos && number.size() < 10)
      units.set(tokenizer, token["content"].get<std::string>(), std::stoll(number));
}

}  // namespace

std::optional<CtcVocabulary> ctc_vocabulary(const Path& folder, const HubConfig& config) {
  if (!is_file(folder / "vocab.json")) return std::nullopt;
  const std::int64_t count = config.integer("vocab_size", 32);
  if (count < 2 || count > kMostUnits)
    config.fail(fmt::format("'vocab_size' is {}", count), fmt::format("2 to {}", kMostUnits));
  const HubConfig vocabulary(folder / "vocab.json"), tokenizer = optional_config(folder / "tokenizer_config.json");
  Units units(count, config.where());
  const HubConfig added = optional_config(folder / "added_tokens.json");
  for (const HubConfig* const file : {&vocabulary, &added}) set_all(units, *file, file->object());
  set_added(units, tokenizer);
  CtcVocabulary found{.texts = std::move(units).take()};
  const std::string pad = token_in(tokenizer, "pad_token", "<pad>"),
                    space = token_in(tokenizer, "word_delimiter_token", "|"),
                    unknown = token_in(tokenizer, "unk_token", "<unk>"),
                    written_space = token_in(tokenizer, "replace_word_delimiter_char", " ");
  found.blank = config.integer("pad_token_id", 0);
  if (found.blank < 0 || found.blank >= count)
    config.fail(fmt::format("'pad_token_id' is {}, and 'vocab_size' {}", found.blank, count), "one of the units");
  if (found.texts[to_size(found.blank)] != pad)
    config.fail(fmt::format("'pad_token_id' is {}, which stands for '{}' in vocab.json", found.blank,
                            found.texts[to_size(found.blank)]),
                fmt::format("'{}', the tokenizer's 'pad_token': the unit that writes nothing", pad),
                "take both files from the source of the weights");
  const bool lower = tokenizer.flag("do_lower_case", false);
  for (std::string& text : found.texts) {
    if (text.empty()) text = unknown;
    if (text == space) text = written_space;
    if (lower) text = lower_case(text);
  }
  return found;
}

}  // namespace enxerto
