#include "enxerto/media/text/vocabulary_files.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/lines.h"
#include "enxerto/base/utf8.h"
#include "enxerto/files/read.h"
#include "enxerto/media/text/added_tokens.h"
#include "enxerto/media/text/tokenizer_json.h"

namespace enxerto {
namespace {

constexpr std::size_t kLargestVocabulary = std::size_t{64} << 20;

[[noreturn]] void refuse(const FolderConfig& config, const char* file, std::string found, std::string expected) {
  throw weights_error((config.folder() / file).string(), std::move(found), std::move(expected),
                      "take the files of one tokenizer together");
}

Json bert_template(const std::string& cls, const std::string& sep, const Json& added) {
  const auto special = [&](const std::string& token) {
    return Json{{"id", token}, {"ids", {id_of(added, token)}}, {"tokens", {token}}};
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
  constexpr std::array<SpecialToken, 5> kSpecials{{{"unk_token", "[UNK]", true},
                                                   {"sep_token", "[SEP]", true},
                                                   {"pad_token", "[PAD]"},
                                                   {"cls_token", "[CLS]", true},
                                                   {"mask_token", "[MASK]"}}};
  auto [added, names] = added_tokens(config, "vocab.txt", vocabulary, kSpecials);
  const Json normalizer{{"type", "BertNormalizer"},
                        {"clean_text", true},
                        {"handle_chinese_chars", config.flag("tokenize_chinese_chars").value_or(true)},
                        {"strip_accents", or_null(config.flag("strip_accents"))},
                        {"lowercase", config.flag("do_lower_case").value_or(true)}};
  Json post_processor = bert_template(names[3], names[1], added);
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

}  // namespace enxerto
