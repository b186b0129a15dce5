#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/media/preprocessor.h"
#include "enxerto/media/text/numbered_pieces.h"

namespace enxerto {

/// Where a network of texts that is begun from random weights has its words from.
struct VocabularySource {
  std::string kind = "words";  ///< one of `vocabulary_kinds()`
  std::size_t most = 8'000;    ///< pieces of a language, at most
  std::size_t examples = 0;
  std::function<std::vector<Field>(std::size_t)> fields = {};  ///< of an example
  std::function<std::string(std::size_t)> name = {};           ///< of an example, for errors
};

/// "words": those that occur twice in the examples, at most 60,000; "characters": all of them; "bytes"; "pieces": of
/// words, learned from texts and their translations, for each side its own.
std::vector<std::string> vocabulary_kinds();
inline constexpr std::string_view kLearnedPieces = "pieces";

/// What gives a network the numbers of its words: "input_ids" and "attention_mask", as many as it has `positions` for
/// (0: any number); of pieces what `translation_preprocessor` gives. Throws Error{usage} for an unknown kind,
/// Error{data} for examples without words, and as `VocabularySource::fields`.
PreprocessorPtr learned_preprocessor(const VocabularySource& source, std::string_view where, std::int64_t positions);

/// Pieces of the texts that are field number `field` of the examples. Throws the same.
NumberedPieces learned_numbers(const VocabularySource& source, std::size_t field, std::string_view where);

}  // namespace enxerto
