#include "enxerto/media/text/learned_pieces.h"

#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/utf8.h"
#include "enxerto/media/text/load_text_module.h"
#include "enxerto/media/text/tokenizer_json.h"

namespace enxerto {
namespace {

constexpr std::size_t kFewestPieces = 8;

Json steps(const char* type, const char* key, Json list) { return {{"type", type}, {key, std::move(list)}}; }

Json blanks_before_words() {
  return {{"type", "Metaspace"}, {"replacement", "\xE2\x96\x81"}, {"prepend_scheme", "always"}, {"split", true}};
}

/// With the pieces that no text has.
std::string unlearned() {
  TokenizerParts parts;
  parts.added = Json::array();
  parts.normalizer = steps("Sequence", "normalizers",
                           {{{"type", "NFKC"}},
                            {{"type", "Strip"}, {"strip_left", true}, {"strip_right", true}},
                            {{"type", "Replace"}, {"pattern", {{"Regex", " {2,}"}}}, {"content", " "}}});
  parts.pre_tokenizer =
      steps("Sequence", "pretokenizers", {blanks_before_words(), {{"type", "Punctuation"}, {"behavior", "Isolated"}}});
  parts.decoder = blanks_before_words();
  parts.model = {{"type", "BPE"},
                 {"unk_token", "<unk>"},
                 {"vocab", {{"</s>", 0}, {"<unk>", 1}, {"<pad>", 2}}},
                 {"merges", VocabularyJson::array()}};
  return tokenizer_json(parts);
}

}  // namespace

std::string learned_pieces(std::string_view texts, std::size_t most, std::string_view where) {
  if (most < kFewestPieces)
    throw usage_error(std::string(where), fmt::format("a vocabulary of {} pieces", most),
                      fmt::format("at least {}", kFewestPieces));
  const std::string json = unlearned();
  EnxertoText learned{}, error{};
  const bool failed =
      text_module().learn({json.data(), json.size()}, {texts.data(), texts.size()}, most, &learned, &error) != 0;
  const EnxertoText& given = failed ? error : learned;
  std::string copy(given.data, given.size);
  text_module().text_free(given);
  if (failed)
    throw data_error(std::string(where), fmt::format("no pieces can be learned: {}", as_utf8(copy)), "texts in UTF-8");
  return copy;
}

}  // namespace enxerto
