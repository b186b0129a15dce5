#include "enxerto/pretrained/vocabulary_source.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/setting.h"
#include "enxerto/media/text/learned_characters.h"
#include "enxerto/media/text/learned_vocabulary.h"
#include "enxerto/media/text/text_preprocessor.h"

namespace enxerto {
namespace {

/// By a `Learner` that is given all texts.
template <typename Learner>
std::string learned_from(const VocabularySource& source, std::string_view where) {
  Learner into;
  for (std::size_t i = 0; i < source.examples; ++i) {
    for (const Field& field : source.fields(i)) {
      if (field.medium != Medium::text)
        throw data_error(std::string(where), fmt::format("a {}", medium_row(field.medium).noun),
                         "texts, which this network reads");
      const std::span<const std::byte> bytes = field.bytes.bytes();
      into.add({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, fmt::format("example {}", i + 1));
    }
  }
  return into.tokenizer();
}

std::string bytes_tokenizer(const VocabularySource& /*source*/, std::string_view /*where*/) { return byte_tokenizer(); }

struct VocabularyKind {
  std::string_view name;
  std::string (*tokenizer)(const VocabularySource& source, std::string_view where);
};
constexpr std::array kVocabularies{VocabularyKind{"words", learned_from<WordCounts>},
                                   VocabularyKind{"characters", learned_from<CharacterSet>},
                                   VocabularyKind{"bytes", bytes_tokenizer}};

}  // namespace

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
  return text_preprocessor(
      {.tokenizer = kind->tokenizer(source, where), .max_length = positions, .positions = positions}, where);
}

}  // namespace enxerto
