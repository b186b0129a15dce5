#include "enxerto/pretrained/vocabulary_source.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/setting.h"
#include "enxerto/media/text/learned_characters.h"
#include "enxerto/media/text/learned_pieces.h"
#include "enxerto/media/text/learned_vocabulary.h"
#include "enxerto/media/text/text_preprocessor.h"
#include "enxerto/media/text/translation_preprocessor.h"

namespace enxerto {
namespace {

std::string_view text_of_field(const Field& field, std::string_view where) {
  if (field.medium != Medium::text)
    throw data_error(std::string(where), fmt::format("a {}", medium_row(field.medium).noun),
                     "texts, which this network reads");
  const std::span<const std::byte> bytes = field.bytes.bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

PreprocessorPtr of_tokenizer(std::string json, std::string_view where, std::int64_t positions) {
  return text_preprocessor({.tokenizer = std::move(json), .max_length = positions, .positions = positions}, where);
}

/// By a `Learner` that is given all texts.
template <typename Learner>
PreprocessorPtr learned_from(const VocabularySource& source, std::string_view where, std::int64_t positions) {
  Learner into;
  for (std::size_t i = 0; i < source.examples; ++i)
    for (const Field& field : source.fields(i))
      into.add(text_of_field(field, where), source.name ? source.name(i) : fmt::format("example {}", i + 1));
  return of_tokenizer(into.tokenizer(), where, positions);
}

PreprocessorPtr of_bytes(const VocabularySource& /*source*/, std::string_view where, std::int64_t positions) {
  return of_tokenizer(byte_tokenizer(), where, positions);
}

/// As Marian has it: the padding stands before the first word, and is never written.
PreprocessorPtr of_pieces(const VocabularySource& source, std::string_view where, std::int64_t /*positions*/) {
  constexpr std::int64_t kEnd = 0, kPadding = 2, kLongest = 256;
  TranslationText text{.source = std::make_shared<NumberedPieces>(learned_numbers(source, 0, where)),
                       .target = std::make_shared<NumberedPieces>(learned_numbers(source, 1, where)),
                       .begin = kPadding,
                       .end = kEnd,
                       .never = {kPadding},
                       .longest = kLongest};
  text.never.push_back(text.target->unknown());
  return translation_preprocessor(std::move(text), kLongest);
}

struct VocabularyKind {
  std::string_view name;
  PreprocessorPtr (*preprocessor)(const VocabularySource& source, std::string_view where, std::int64_t positions);
};
constexpr std::array kVocabularies{VocabularyKind{"words", learned_from<WordCounts>},
                                   VocabularyKind{"characters", learned_from<CharacterSet>},
                                   VocabularyKind{"bytes", of_bytes}, VocabularyKind{kLearnedPieces, of_pieces}};

}  // namespace

NumberedPieces learned_numbers(const VocabularySource& source, std::size_t field, std::string_view where) {
  std::string texts;
  for (std::size_t i = 0; i < source.examples; ++i) {
    const std::vector<Field> fields = source.fields(i);
    if (fields.size() <= field)
      throw data_error(std::string(where), fmt::format("examples of {} texts", fields.size()),
                       "texts and their translations", "train.{en,de}, or a table of two columns");
    texts += text_of_field(fields[field], where);
    texts += '\n';
  }
  return NumberedPieces::of_tokenizer(learned_pieces(texts, source.most, where), where);
}

std::vector<std::string> vocabulary_kinds() {
  std::vector<std::string> names;
  for (const VocabularyKind& kind : kVocabularies) names.emplace_back(kind.name);
  return names;
}

PreprocessorPtr learned_preprocessor(const VocabularySource& source, std::string_view where, std::int64_t positions) {
  const auto* const kind = std::ranges::find(kVocabularies, source.kind, &VocabularyKind::name);
  if (kind == kVocabularies.end()) refuse_word("backbone.vocabulary", source.kind, vocabulary_kinds());
  if (source.examples == 0)
    throw usage_error(std::string(where), "random weights, but no texts to learn words from", "data",
                      "train it on texts first, with backbone.weights = random");
  return kind->preprocessor(source, where, positions);
}

}  // namespace enxerto
