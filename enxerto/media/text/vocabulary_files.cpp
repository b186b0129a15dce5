#include "enxerto/media/text/vocabulary_files.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/lines.h"
#include "enxerto/base/utf8.h"
#include "enxerto/files/read.h"
#include "enxerto/media/text/tokenizer_json.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestVocabulary = std::size_t{64} << 20;

[[noreturn]] void refuse(const FolderConfig& config, const char* file, std::string found, std::string expected) {
  throw weights_error((config.folder() / file).string(), std::move(found), std::move(expected),
                      "take the files of one tokenizer together");
}

/// A special token, and what it is called where the folder does not say.
struct Special {
  std::string_view key, usual;
  bool needed = false;
};

/// The special tokens of the vocabulary, in its order; `names` gets them by the order of `specials`.
Json added_tokens(const FolderConfig& config, const char* file, const VocabularyJson& vocabulary,
                  std::span<const Special> specials, std::vector<std::string>& names) {
  std::map<std::int64_t, Json> by_id;
  for (const Special& special : specials) {
    const std::string name = config.token(special.key).value_or(std::string(special.usual));
    names.push_back(name);
    const auto found = vocabulary.find(name);
    if (found != vocabulary.end() && found->is_number_integer())
      by_id.emplace(found->get<std::int64_t>(),
                    added_token(name, found->get<std::int64_t>(), special.key == "mask_token"));
    else if (special.needed)
      refuse(config, file, fmt::format("no token '{}', the {}", as_utf8(name), special.key),
             "a vocabulary that has it");
  }
  Json tokens = Json::array();
  for (auto& [id, token] : by_id) tokens.push_back(std::move(token));
  return tokens;
}

Json bert_template(const std::string& cls, const std::string& sep, const VocabularyJson& vocabulary) {
  const auto special = [&](const std::string& token) {
    return Json{{"id", token}, {"ids", {vocabulary.at(token).get<std::int64_t>()}}, {"tokens", {token}}};
  };
  return {{"type", "TemplateProcessing"},
          {"single", {piece_of_template(cls, 0), text_of_template("A", 0), piece_of_template(sep, 0)}},
          {"pair",
           {piece_of_template(cls, 0), text_of_template("A", 0), piece_of_template(sep, 0), text_of_template("B", 1),
            piece_of_template(sep, 1)}},
          {"special_tokens", {{cls, special(cls)}, {sep, special(sep)}}}};
}

Json or_null(const std::optional<bool>& flag) { return flag ? Json(*flag) : Json(nullptr); }

}  // namespace

std::string wordpiece_tokenizer(const FolderConfig& config) {
  VocabularyJson vocabulary = VocabularyJson::object();
  const std::string text = read_text(config.folder() / "vocab.txt", kLargestVocabulary, ErrorKind::weights);
  std::vector<std::pair<std::string, std::int64_t>> pieces;
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    if (as_utf8(line) != line)
      refuse(config, "vocab.txt", fmt::format("line {} is not UTF-8", number), "one token per line");
    pieces.emplace_back(right_trimmed(line), static_cast<std::int64_t>(number) - 1);
  });
  std::map<std::string_view, std::int64_t> last;  // of a piece that is there twice, as Python's dictionaries do
  for (const auto& [piece, id] : pieces) last[piece] = id;
  for (const auto& [piece, id] : pieces) {
    if (last[piece] == id) vocabulary[piece] = id;
  }
  constexpr std::array<Special, 5> kSpecials{{{"unk_token", "[UNK]", true},
                                              {"sep_token", "[SEP]", true},
                                              {"pad_token", "[PAD]"},
                                              {"cls_token", "[CLS]", true},
                                              {"mask_token", "[MASK]"}}};
  std::vector<std::string> names;
  Json added = added_tokens(config, "vocab.txt", vocabulary, kSpecials, names);
  for (Json& token : added) token["lstrip"] = false;
  const Json normalizer{{"type", "BertNormalizer"},
                        {"clean_text", true},
                        {"handle_chinese_chars", config.flag("tokenize_chinese_chars").value_or(true)},
                        {"strip_accents", or_null(config.flag("strip_accents"))},
                        {"lowercase", config.flag("do_lower_case").value_or(true)}};
  Json post_processor = bert_template(names[3], names[1], vocabulary);
  VocabularyJson model{{"type", "WordPiece"},
                       {"unk_token", names[0]},
                       {"continuing_subword_prefix", "##"},
                       {"max_input_chars_per_word", 100},
                       {"vocab", std::move(vocabulary)}};
  return tokenizer_json({.added = std::move(added),
                         .normalizer = normalizer,
                         .pre_tokenizer = {{"type", "BertPreTokenizer"}},
                         .post_processor = std::move(post_processor),
                         .decoder = {{"type", "WordPiece"}, {"prefix", "##"}, {"cleanup", true}},
                         .model = std::move(model)});
}

std::string byte_level_tokenizer(const FolderConfig& config) {
  VocabularyJson vocabulary = VocabularyJson::parse(
      read_text(config.folder() / "vocab.json", kLargestVocabulary, ErrorKind::weights), nullptr, false);
  if (!vocabulary.is_object())
    refuse(config, "vocab.json", vocabulary.is_discarded() ? "not JSON" : vocabulary.type_name(),
           "tokens with their ids");
  VocabularyJson merges = VocabularyJson::array();
  const std::string text = read_text(config.folder() / "merges.txt", kLargestVocabulary, ErrorKind::weights);
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with("#version")) return;
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos || as_utf8(line) != line)
      refuse(config, "merges.txt", fmt::format("line {}: '{}'", number, as_utf8(line)),
             "two tokens with a space between them");
    merges.push_back(line);
  });
  const std::string kind = config.text("tokenizer_class").value_or("");
  const bool roberta = kind.starts_with("Roberta") || (kind.empty() && vocabulary.contains("<s>"));
  constexpr std::array<Special, 4> kOfGpt{{{"unk_token", "<|endoftext|>"},
                                           {"bos_token", "<|endoftext|>"},
                                           {"eos_token", "<|endoftext|>"},
                                           {"pad_token", "<|endoftext|>"}}};
  constexpr std::array<Special, 7> kOfRoberta{{{"bos_token", "<s>"},
                                               {"eos_token", "</s>"},
                                               {"sep_token", "</s>", true},
                                               {"cls_token", "<s>", true},
                                               {"unk_token", "<unk>"},
                                               {"pad_token", "<pad>"},
                                               {"mask_token", "<mask>"}}};
  std::vector<std::string> names;
  Json added =
      added_tokens(config, "vocab.json", vocabulary, roberta ? std::span<const Special>(kOfRoberta) : kOfGpt, names);
  const bool space = config.flag("add_prefix_space").value_or(false);
  const auto byte_level = [](bool prefix, bool trim) {
    return Json{{"type", "ByteLevel"}, {"add_prefix_space", prefix}, {"trim_offsets", trim}, {"use_regex", true}};
  };
  Json post_processor = byte_level(true, false);
  if (roberta)
    post_processor = {{"type", "RobertaProcessing"},
                      {"sep", {names[2], vocabulary.at(names[2]).get<std::int64_t>()}},
                      {"cls", {names[3], vocabulary.at(names[3]).get<std::int64_t>()}},
                      {"trim_offsets", true},
                      {"add_prefix_space", space}};
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
                         .normalizer = nullptr,
                         .pre_tokenizer = byte_level(space, true),
                         .post_processor = std::move(post_processor),
                         .decoder = byte_level(true, true),
                         .model = std::move(model)});
}

}  // namespace enxerto
