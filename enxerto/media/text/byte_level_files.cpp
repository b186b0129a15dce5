#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/lines.h"
#include "enxerto/base/utf8.h"
#include "enxerto/files/read.h"
#include "enxerto/media/text/added_tokens.h"
#include "enxerto/media/text/tokenizer_json.h"
#include "enxerto/media/text/vocabulary_files.h"
#include "enxerto/media/text/word_patterns.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestByteVocabulary = std::size_t{64} << 20;

constexpr std::array<SpecialToken, 4> kOfGpt{{{"unk_token", "<|endoftext|>"},
                                              {"bos_token", "<|endoftext|>"},
                                              {"eos_token", "<|endoftext|>"},
                                              {"pad_token", "<|endoftext|>"}}};
constexpr std::array<SpecialToken, 4> kOfQwen{{{"unk_token", "<|endoftext|>"},
                                               {"bos_token", ""},
                                               {"eos_token", "<|endoftext|>"},
                                               {"pad_token", "<|endoftext|>"}}};
constexpr std::array<SpecialToken, 7> kOfRoberta{{{"bos_token", "<s>"},
                                                  {"eos_token", "</s>"},
                                                  {"sep_token", "</s>", true},
                                                  {"cls_token", "<s>", true},
                                                  {"unk_token", "<unk>"},
                                                  {"pad_token", "<pad>"},
                                                  {"mask_token", "<mask>", false, true}}};

/// A class of transformers, without "Fast".
struct ByteLevelKind {
  std::string_view name;
  std::span<const SpecialToken> specials;
  bool classifies = false;      ///< texts stand between cls_token and sep_token
  const char* words = nullptr;  ///< a pattern of words; nullptr: GPT-2's
  bool composes = false;        ///< characters are composed first (NFC)
};
constexpr std::array<ByteLevelKind, 3> kKinds{
    {{.name = "GPT2Tokenizer", .specials = kOfGpt},
     {.name = "RobertaTokenizer", .specials = kOfRoberta, .classifies = true},
     {.name = "Qwen2Tokenizer", .specials = kOfQwen, .words = kWordsOfQwen2, .composes = true}}};

[[noreturn]] void refuse_bytes(const FolderConfig& config, const char* file, std::string found, std::string expected,
                               std::string tip = "take the files of one tokenizer together") {
  throw weights_error((config.folder() / file).string(), std::move(found), std::move(expected), std::move(tip));
}

const ByteLevelKind& kind_of(const FolderConfig& config, const VocabularyJson& vocabulary) {
  std::string name = config.text("tokenizer_class").value_or("");
  if (name.ends_with("Fast")) name.resize(name.size() - 4);
  if (config.model_type() == "qwen2") name = "Qwen2Tokenizer";
  if (name.empty()) name = vocabulary.contains("<s>") ? "RobertaTokenizer" : "GPT2Tokenizer";
  std::vector<std::string_view> names;
  for (const ByteLevelKind& kind : kKinds) {
    if (kind.name == name) return kind;
    names.push_back(kind.name);
  }
  refuse_bytes(config, "tokenizer_config.json", fmt::format("'tokenizer_class' is '{}'", as_utf8(name)),
               fmt::format("{} next to vocab.json and merges.txt", fmt::join(names, ", ")),
               "let transformers write a tokenizer.json: AutoTokenizer.from_pretrained(..).save_pretrained(..)");
}

VocabularyJson merges_in(const FolderConfig& config) {
  VocabularyJson merges = VocabularyJson::array();
  const std::string text = read_text(config.folder() / "merges.txt", kLargestByteVocabulary, ErrorKind::weights);
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with("#version")) return;
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos || as_utf8(line) != line)
      refuse_bytes(config, "merges.txt", fmt::format("line {}: '{}'", number, as_utf8(line)),
                   "two tokens with a space between them");
    merges.push_back(line);
  });
  return merges;
}

Json bytes_step(bool prefix, bool trim, bool uses_regex = true) {
  return {{"type", "ByteLevel"}, {"add_prefix_space", prefix}, {"trim_offsets", trim}, {"use_regex", uses_regex}};
}

Json cut_into_words(const ByteLevelKind& kind, bool prefix) {
  if (kind.words == nullptr) return bytes_step(prefix, true);
  return {
      {"type", "Sequence"},
      {"pretokenizers",
       Json::array(
           {Json{{"type", "Split"}, {"pattern", {{"Regex", kind.words}}}, {"behavior", "Isolated"}, {"invert", false}},
            bytes_step(prefix, true, false)})}};
}

/// What `add_bos_token` and `add_eos_token` put around one text, and around each of two; offsets are left as they are.
Json with_ends(const FolderConfig& config, const Json& added, const std::string& bos, const std::string& eos) {
  const bool begins = config.flag("add_bos_token").value_or(false) && !bos.empty(),
             ends = config.flag("add_eos_token").value_or(false);
  if (!begins && !ends) return bytes_step(true, false);
  Json known = Json::object(), single = Json::array(), pair = Json::array();
  const auto mark = [&](Json& pieces, const std::string& token, int type) {
    if (!has_token(added, token))
      refuse_bytes(config, "tokenizer_config.json", fmt::format("puts '{}' at an end of texts", as_utf8(token)),
                   "a token of the vocabulary");
    known[token] = {{"id", token}, {"ids", {id_of(added, token)}}, {"tokens", {token}}};
    pieces.push_back(piece_of_template(token, type));
  };
  const auto text = [&](Json& pieces, const char* name, int type) {
    if (begins) mark(pieces, bos, type);
    pieces.push_back(text_of_template(name, type));
    if (ends) mark(pieces, eos, type);
  };
  text(single, "A", 0);
  text(pair, "A", 0);
  text(pair, "B", 1);
  return {{"type", "TemplateProcessing"}, {"single", single}, {"pair", pair}, {"special_tokens", known}};
}

Json between_marks(const std::vector<std::string>& names, const Json& added, bool prefix) {
  return {{"type", "RobertaProcessing"},
          {"sep", {names[2], id_of(added, names[2])}},
          {"cls", {names[3], id_of(added, names[3])}},
          {"trim_offsets", true},
          {"add_prefix_space", prefix}};
}

}  // namespace

std::string byte_level_tokenizer(const FolderConfig& config) {
  VocabularyJson vocabulary = VocabularyJson::parse(
      read_text(config.folder() / "vocab.json", kLargestByteVocabulary, ErrorKind::weights), nullptr, false);
  if (!vocabulary.is_object())
    refuse_bytes(config, "vocab.json", vocabulary.is_discarded() ? "not JSON" : vocabulary.type_name(),
                 "tokens with their ids");
  const ByteLevelKind& kind = kind_of(config, vocabulary);
  VocabularyJson merges = merges_in(config);
  auto [added, names] = added_tokens(config, "vocab.json", vocabulary, kind.specials);
  const bool prefix = config.flag("add_prefix_space").value_or(false);
  Json post_processor =
      kind.classifies ? between_marks(names, added, prefix) : with_ends(config, added, names[1], names[2]);
  VocabularyJson model{{"type", "BPE"},
                       {"dropout", nullptr},
                       {"unk_token", nullptr},
                       {"continuing_subword_prefix", ""},
                       {"end_of_word_suffix", ""},
                       {"fuse_unk", false},
                       {"byte_fallback", false},
                       {"vocab", std::move(vocabulary)},
                       {"merges", std::move(merges)}};
  return tokenizer_json({.added = std::move(added),
                         .normalizer = kind.composes ? Json{{"type", "NFC"}} : Json(nullptr),
                         .pre_tokenizer = cut_into_words(kind, prefix),
                         .post_processor = std::move(post_processor),
                         .decoder = bytes_step(true, true),
                         .model = std::move(model)});
}

}  // namespace enxerto
