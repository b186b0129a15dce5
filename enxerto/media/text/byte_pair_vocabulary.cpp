#include "enxerto/media/text/byte_pair_vocabulary.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"
#include "enxerto/media/text/tokenizer_json.h"
#include "enxerto/media/text/word_patterns.h"

namespace enxerto {
namespace {

constexpr std::int64_t kUsual = 1, kControl = 3, kOfTheUser = 4, kUnused = 5;  // llama.h, llama_token_type

/// How texts are cut into words, and what else is usual with it.
struct WordRule {
  std::string_view name;
  const char* words = nullptr;  ///< a regular expression; nullptr: GPT-2's, which ByteLevel has built in
  bool single_digits = false;   ///< cut out before
  bool composes = false;        ///< Unicode's NFC before
  bool whole_words = false;     ///< a word that is a piece is not merged from smaller ones
  bool adds_begin = false;
};
constexpr std::array kWordRules{
    WordRule{.name = "gpt-2"},
    WordRule{.name = "smollm", .single_digits = true},
    WordRule{.name = "starcoder", .single_digits = true},
    WordRule{.name = "qwen2", .words = kWordsOfQwen2, .composes = true},
    WordRule{.name = "deepseek-r1-qwen", .words = kWordsOfQwen2, .composes = true},
    WordRule{.name = "llama-bpe", .words = kWordsOfLlama3, .whole_words = true, .adds_begin = true},
    WordRule{.name = "llama3", .words = kWordsOfLlama3, .whole_words = true, .adds_begin = true},
};

[[noreturn]] void refuse_vocabulary(std::string_view where, std::string found, std::string expected) {
  throw weights_error(std::string(where), std::move(found), std::move(expected),
                      "take this network's folder of transformers, with its tokenizer.json");
}

const WordRule& rule_of(const BytePairVocabulary& vocabulary, std::string_view where) {
  const auto* const rule = std::ranges::find(kWordRules, vocabulary.rule, &WordRule::name);
  if (rule != kWordRules.end()) return *rule;
  std::vector<std::string_view> names;
  for (const WordRule& known : kWordRules) names.push_back(known.name);
  refuse_vocabulary(where,
                    vocabulary.rule.empty() ? "its tokenizer does not say how texts are cut into words"
                                            : fmt::format("its tokenizer cuts texts by the rule '{}'",
                                                          as_utf8(vocabulary.rule.substr(0, 80))),
                    fmt::format("{}", fmt::join(names, ", ")));
}

Json bytes_rule(bool uses_regex, bool trims) {
  return {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", trims}, {"use_regex", uses_regex}};
}

Json cutting(const WordRule& rule) {
  const bool own = rule.words != nullptr;
  Json steps = Json::array();
  if (rule.single_digits) steps.push_back({{"type", "Digits"}, {"individual_digits", true}});
  if (own)
    steps.push_back(
        {{"type", "Split"}, {"pattern", {{"Regex", rule.words}}}, {"behavior", "Isolated"}, {"invert", false}});
  steps.push_back(bytes_rule(!own, !own));
  return {{"type", "Sequence"}, {"pretokenizers", std::move(steps)}};
}

const std::string& piece_numbered(const BytePairVocabulary& vocabulary, std::optional<std::uint32_t> id,
                                  std::string_view where) {
  if (!id || *id >= vocabulary.pieces.size())
    refuse_vocabulary(where, "its tokenizer adds a token to texts that its vocabulary lacks", "the id of a token");
  return vocabulary.pieces[*id];
}

/// What is put around one text, and around each of two; null where nothing is.
Json around(const BytePairVocabulary& vocabulary, const WordRule& rule, std::string_view where) {
  const bool begins = vocabulary.adds_begin.value_or(rule.adds_begin), ends = vocabulary.adds_end.value_or(false);
  if (!begins && !ends) return nullptr;
  Json tokens = Json::object();
  const auto named = [&](std::optional<std::uint32_t> id) {
    const std::string& token = piece_numbered(vocabulary, id, where);
    tokens[token] = {{"id", token}, {"ids", {*id}}, {"tokens", {token}}};
    return token;
  };
  const std::string begin = begins ? named(vocabulary.begin) : "", end = ends ? named(vocabulary.end) : "";
  const auto text = [&](Json& pieces, const char* name, int type) {
    if (begins) pieces.push_back(piece_of_template(begin, type));
    pieces.push_back(text_of_template(name, type));
    if (ends) pieces.push_back(piece_of_template(end, type));
  };
  Json one = Json::array(), two = Json::array();
  text(one, "A", 0);
  text(two, "A", 0);
  text(two, "B", 1);
  return {{"type", "TemplateProcessing"}, {"single", one}, {"pair", two}, {"special_tokens", tokens}};
}

Json processing(const BytePairVocabulary& vocabulary, const WordRule& rule, std::string_view where) {
  Json tokens = around(vocabulary, rule, where);
  if (rule.words == nullptr) return tokens;
  Json offsets = bytes_rule(false, false);
  if (tokens.is_null()) return offsets;
  return {{"type", "Sequence"}, {"processors", {std::move(offsets), std::move(tokens)}}};
}

void check_parts(const BytePairVocabulary& vocabulary, std::string_view where) {
  const std::size_t pieces = vocabulary.pieces.size(), kinds = vocabulary.kinds.size();
  if (pieces == 0 || vocabulary.merges.empty())
    refuse_vocabulary(where, fmt::format("its tokenizer has {} tokens and {} merges", pieces, vocabulary.merges.size()),
                      "at least one of each");
  if (kinds != 0 && kinds != pieces)
    refuse_vocabulary(where, fmt::format("its tokenizer has {} tokens and the types of {}", pieces, kinds),
                      "a type for each token");
  for (const auto* const list : {&vocabulary.pieces, &vocabulary.merges})
    for (const std::string& text : *list)
      if (as_utf8(text) != text)
        refuse_vocabulary(where, fmt::format("its tokenizer has '{}'", as_utf8(text.substr(0, 80))), "tokens in UTF-8");
}

}  // namespace

std::string tokenizer_json(const BytePairVocabulary& vocabulary, std::string_view where) {
  const WordRule& rule = rule_of(vocabulary, where);
  check_parts(vocabulary, where);
  VocabularyJson pieces = VocabularyJson::object();
  Json added = Json::array();
  for (std::size_t id = 0; id < vocabulary.pieces.size(); ++id) {
    const std::string& piece = vocabulary.pieces[id];
    const std::int64_t kind = vocabulary.kinds.empty() ? kUsual : vocabulary.kinds[id];
    if (kind == kUnused) continue;  // rows of no word, to make the table's length a round number
    if (!pieces.emplace(piece, id).second)
      refuse_vocabulary(where, fmt::format("its tokenizer has the token '{}' twice", as_utf8(piece.substr(0, 80))),
                        "different tokens");
    if (kind != kControl && kind != kOfTheUser) continue;
    Json token = added_token(piece, id);
    token["special"] = kind == kControl;
    added.push_back(std::move(token));
  }
  VocabularyJson model{{"type", "BPE"},
                       {"dropout", nullptr},
                       {"unk_token", nullptr},
                       {"continuing_subword_prefix", nullptr},
                       {"end_of_word_suffix", nullptr},
                       {"fuse_unk", false},
                       {"byte_fallback", false},
                       {"ignore_merges", rule.whole_words},
                       {"vocab", std::move(pieces)},
                       {"merges", vocabulary.merges}};
  Json decoder = bytes_rule(true, true);
  decoder["add_prefix_space"] = true;
  return tokenizer_json({.added = std::move(added),
                         .normalizer = rule.composes ? Json{{"type", "NFC"}} : Json(nullptr),
                         .pre_tokenizer = cutting(rule),
                         .post_processor = processing(vocabulary, rule, where),
                         .decoder = std::move(decoder),
                         .model = std::move(model)});
}

}  // namespace enxerto
