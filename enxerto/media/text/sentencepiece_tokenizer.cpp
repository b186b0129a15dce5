#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/base64.h"
#include "enxerto/media/text/sentencepiece_file.h"
#include "enxerto/media/text/tokenizer_json.h"

namespace enxerto {
namespace {

using Pieces = std::vector<std::pair<std::string, float>>;

/// How the tokenizers of one family lay their pieces out, and what they put around a text.
struct Family {
  std::string_view tokenizer_class, model_type;  ///< "XLMRoberta", "xlm-roberta"
  Pieces (*pieces)(const SentencePieceFile& file);
  std::int64_t (*unknown)(const SentencePieceFile& file);
  std::string_view before, between, after;  ///< special tokens, with spaces between them
  std::vector<std::string_view> (*special)();
};

Pieces pieces_from(const SentencePieceFile& file, std::size_t first) {
  Pieces pieces;
  for (std::size_t i = std::min(first, file.pieces.size()); i < file.pieces.size(); ++i)
    pieces.emplace_back(file.pieces[i].text, file.pieces[i].score);
  return pieces;
}

/// fairseq's order: its four special tokens, the pieces without SentencePiece's three, the mask.
Pieces pieces_of_xlm_roberta(const SentencePieceFile& file) {
  Pieces pieces{{"<s>", 0}, {"<pad>", 0}, {"</s>", 0}, {"<unk>", 0}};
  const Pieces rest = pieces_from(file, 3);
  pieces.insert(pieces.end(), rest.begin(), rest.end());
  pieces.emplace_back("<mask>", 0);
  return pieces;
}

Pieces pieces_of_t5(const SentencePieceFile& file) {
  Pieces pieces = pieces_from(file, 0);
  for (int i = 99; i >= 0; --i) pieces.emplace_back(fmt::format("<extra_id_{}>", i), 0);
  return pieces;
}

constexpr std::array<Family, 2> kFamilies{{
    {"XLMRoberta", "xlm-roberta", pieces_of_xlm_roberta, [](const SentencePieceFile&) { return std::int64_t{3}; },
     "<s>", "</s> </s>", "</s>",
     [] { return std::vector<std::string_view>{"<s>", "<pad>", "</s>", "<unk>", "<mask>"}; }},
    {"T5", "t5", pieces_of_t5, [](const SentencePieceFile& file) { return file.unknown_id; }, "", "</s>", "</s>",
     [] { return std::vector<std::string_view>{"</s>", "<unk>", "<pad>"}; }},
}};

const Family& family_of(const FolderConfig& config) {
  const std::string name = config.text("tokenizer_class").value_or("");
  const std::string model = config.model_type();
  for (const Family& family : kFamilies) {
    if (name.empty() ? model == family.model_type : name.starts_with(family.tokenizer_class)) return family;
  }
  std::vector<std::string_view> known;
  for (const Family& family : kFamilies) known.push_back(family.tokenizer_class);
  throw weights_error((config.folder() / sentencepiece_name(config.folder())).string(),
                      fmt::format("the SentencePiece model of a {}", name.empty() ? "model " + model : name),
                      fmt::format("one of {}, or a tokenizer.json", fmt::join(known, ", ")),
                      "let transformers write it: AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)");
}

std::int64_t id_in(const Pieces& pieces, std::string_view piece) {
  const auto found = std::ranges::find(pieces, piece, &Pieces::value_type::first);
  return found == pieces.end() ? -1 : found - pieces.begin();
}

/// Appends the special tokens of `text`, "</s> </s>", and remembers their ids.
void add_marks(std::string_view text, const Pieces& pieces, Json& to, Json& known) {
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const std::string mark(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    to.push_back(piece_of_template(mark, 0));
    known[mark] = {{"id", mark}, {"ids", {id_in(pieces, mark)}}, {"tokens", {mark}}};
  }
}

Json template_of(const Family& family, const Pieces& pieces) {
  Json single = Json::array(), pair = Json::array(), known = Json::object();
  for (Json* const to : {&single, &pair}) {
    add_marks(family.before, pieces, *to, known);
    to->push_back(text_of_template("A", 0));
  }
  add_marks(family.after, pieces, single, known);
  add_marks(family.between, pieces, pair, known);
  pair.push_back(text_of_template("B", 0));
  add_marks(family.after, pieces, pair, known);
  return {{"type", "TemplateProcessing"}, {"single", single}, {"pair", pair}, {"special_tokens", known}};
}

Json normalizer_of(const SentencePieceFile& file) {
  Json steps = Json::array();
  if (!file.character_map.empty())
    steps.push_back(
        {{"type", "Precompiled"}, {"precompiled_charsmap", to_base64(std::as_bytes(std::span(file.character_map)))}});
  steps.push_back({{"type", "Strip"}, {"strip_left", false}, {"strip_right", true}});
  steps.push_back({{"type", "Replace"}, {"pattern", {{"Regex", " {2,}"}}}, {"content", "\xE2\x96\x81"}});
  return {{"type", "Sequence"}, {"normalizers", steps}};
}

/// What turns blanks into pieces and back.
Json metaspace() {
  return {{"type", "Metaspace"}, {"replacement", "\xE2\x96\x81"}, {"prepend_scheme", "always"}, {"split", true}};
}

void require_unigram(const SentencePieceFile& file, std::string_view where, const char* tip) {
  if (file.model_type == 1) return;
  throw weights_error(std::string(where), "a SentencePiece model of BPE, words or characters", "a unigram model", tip);
}

VocabularyJson unigram(const Pieces& pieces, std::int64_t unknown, const SentencePieceFile& file) {
  VocabularyJson vocabulary = VocabularyJson::array();
  for (const auto& [piece, score] : pieces) vocabulary.push_back({piece, static_cast<double>(score)});
  return {{"type", "Unigram"},
          {"unk_id", unknown},
          {"vocab", std::move(vocabulary)},
          {"byte_fallback", file.byte_fallback}};
}

}  // namespace

std::string unmarked_tokenizer(const SentencePieceFile& file, std::string_view where) {
  require_unigram(file, where, "");
  return tokenizer_json({.added = Json::array(),
                         .normalizer = normalizer_of(file),
                         .pre_tokenizer = metaspace(),
                         .post_processor = nullptr,
                         .decoder = metaspace(),
                         .model = unigram(pieces_from(file, 0), file.unknown_id, file)});
}

std::string sentencepiece_tokenizer(const FolderConfig& config) {
  const std::filesystem::path path = config.folder() / sentencepiece_name(config.folder());
  const Family& family = family_of(config);
  const SentencePieceFile file = read_sentencepiece(path);
  require_unigram(file, path.string(), "let transformers write a tokenizer.json");
  const Pieces pieces = family.pieces(file);
  Json added = Json::array();
  for (std::size_t id = 0; id < pieces.size(); ++id) {
    const std::vector<std::string_view> special = family.special();
    if (std::ranges::find(special, pieces[id].first) != special.end() || pieces[id].first.starts_with("<extra_id_"))
      added.push_back(added_token(pieces[id].first, id, pieces[id].first == "<mask>"));
  }
  return tokenizer_json({.added = std::move(added),
                         .normalizer = normalizer_of(file),
                         .pre_tokenizer = metaspace(),
                         .post_processor = template_of(family, pieces),
                         .decoder = metaspace(),
                         .model = unigram(pieces, family.unknown(file), file)});
}

}  // namespace enxerto
