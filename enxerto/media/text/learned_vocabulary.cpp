#include "enxerto/media/text/learned_vocabulary.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"
#include "enxerto/media/text/code_points.h"
#include "enxerto/media/text/text_pieces.h"
#include "enxerto/media/text/tokenizer.h"
#include "enxerto/media/text/tokenizer_json.h"

namespace enxerto {
namespace {

constexpr const char *kPadding = "<pad>", *kUnknownWord = "<unk>", *kBeginning = "<s>", *kContinued = "##";
constexpr std::uint32_t kBytes = 256;

/// The letter that stands for a byte in byte-level vocabularies (GPT-2's bytes_to_unicode).
std::vector<std::string> byte_letters() {
  std::vector<std::string> letters;
  for (std::uint32_t byte = 0, others = 0; byte < kBytes; ++byte) {
    const bool shown = (byte >= '!' && byte <= '~') || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    letters.push_back(point_text(shown ? byte : kBytes + others++));
  }
  return letters;
}

Json lower_case() { return {{"type", "Lowercase"}}; }
Json by_words() { return {{"type", "Whitespace"}}; }
Json by_bytes(bool split) {
  return {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", false}, {"use_regex", split}};
}

VocabularyJson no_merges(VocabularyJson vocabulary, const Json& prefix) {
  return {{"type", "BPE"},
          {"vocab", std::move(vocabulary)},
          {"merges", VocabularyJson::array()},
          {"continuing_subword_prefix",
           prefix.is_null() ? VocabularyJson(nullptr) : VocabularyJson(prefix.get<std::string>())}};
}

/// Words as the tokens that their bytes are, byte b of a beginning b, another one 256 + b: the library puts letters
/// into lower case and finds words, and says neither otherwise.
std::string splitter_json() {
  VocabularyJson vocabulary = VocabularyJson::object();
  const std::vector<std::string> letters = byte_letters();
  for (std::uint32_t byte = 0; byte < kBytes; ++byte) {
    vocabulary[letters[byte]] = byte;
    vocabulary[kContinued + letters[byte]] = kBytes + byte;
  }
  TokenizerParts parts;
  parts.added = Json::array();
  parts.normalizer = lower_case();
  parts.pre_tokenizer = {{"type", "Sequence"}, {"pretokenizers", {by_words(), by_bytes(false)}}};
  parts.model = no_merges(std::move(vocabulary), kContinued);
  return tokenizer_json(parts);
}

Json begun(int id) {
  const Json piece = piece_of_template(kBeginning, 0), text = text_of_template("A", 0);
  return {{"type", "TemplateProcessing"},
          {"single", {piece, text}},
          {"pair", {piece, text, text_of_template("B", 1)}},
          {"special_tokens", {{kBeginning, {{"id", kBeginning}, {"ids", {id}}, {"tokens", {kBeginning}}}}}}};
}

}  // namespace

WordCounts::WordCounts() : splitter_(shared_tokenizer(splitter_json(), "words")) {}

void WordCounts::add(std::string_view text, std::string_view where) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = stretch_end(text, begin);
    const std::string_view stretch = text.substr(begin, end - begin);
    begin = end;
    if (is_blank(stretch)) continue;
    const EncodedText encoded = splitter_->encode({&stretch, 1}, {}, where);
    std::string word;
    for (const std::uint32_t id : encoded.window(0).ids) {
      if (id < kBytes && !word.empty()) ++counts_[std::exchange(word, "")];
      word += static_cast<char>(id % kBytes);
    }
    if (!word.empty()) ++counts_[word];
  }
}

std::string WordCounts::tokenizer(const VocabularyOptions& options) const {
  std::vector<std::pair<std::string, std::uint64_t>> words;
  for (const auto& [word, count] : counts_)
    if (count >= options.fewest && word != kPadding && word != kUnknownWord && word != kBeginning)
      words.emplace_back(word, count);
  if (words.empty())
    throw data_error("vocabulary", "no word occurs twice", "more text to learn words from", "vocabulary = \"bytes\"");
  std::ranges::sort(words, [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  words.resize(std::min(words.size(), options.most));
  VocabularyJson vocabulary{{kPadding, 0}, {kUnknownWord, 1}, {kBeginning, 2}};
  TokenizerParts parts;
  parts.added = {added_token(kPadding, 0), added_token(kUnknownWord, 1), added_token(kBeginning, 2)};
  for (const auto& [word, _] : words) vocabulary.emplace(word, vocabulary.size());
  parts.normalizer = lower_case();
  parts.pre_tokenizer = by_words();
  parts.post_processor = begun(2);
  parts.model = {{"type", "WordLevel"}, {"vocab", std::move(vocabulary)}, {"unk_token", kUnknownWord}};
  return tokenizer_json(parts);
}

std::string byte_tokenizer() {
  VocabularyJson vocabulary{{kPadding, 0}, {kBeginning, 1}};
  const std::vector<std::string> letters = byte_letters();
  for (std::uint32_t byte = 0; byte < kBytes; ++byte) vocabulary[letters[byte]] = 2 + byte;
  TokenizerParts parts;
  parts.added = {added_token(kPadding, 0), added_token(kBeginning, 1)};
  parts.pre_tokenizer = by_bytes(true);
  parts.post_processor = begun(1);
  parts.decoder = by_bytes(true);
  parts.model = no_merges(std::move(vocabulary), nullptr);
  return tokenizer_json(parts);
}

}  // namespace enxerto
