#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "enxerto/files/json.h"
#include "enxerto/media/text/numbered_pieces.h"

namespace enxerto {

/// How a network that writes one text for another numbers the words of both.
struct TranslationText {
  std::shared_ptr<const NumberedPieces> source = nullptr, target = nullptr;
  std::int64_t begin = 0;                       ///< stands before the first word of the target
  std::int64_t end = 0;                         ///< ends the target, and stands behind the source ..
  std::optional<std::int64_t> source_end = {};  ///< .. unless this does
  std::vector<std::int64_t> never = {};         ///< words that are never written
  std::optional<std::int64_t> forced_end = {};  ///< what the last word is where there is no room for another
  std::int64_t longest = 512;                   ///< tokens of a text that the network reads
  std::int64_t beams = 1;                       ///< with which its makers translate

  std::int64_t end_of_source() const { return source_end.value_or(end); }
};

/// {"kind": "translation", "source", "target" (where it is another), "begin", "end", "source_end" (where it is
/// another), "max_length", "positions", "never", "forced_end" (where there is one), "beams"}; of `max_length` tokens
/// what is learned from is cut to.
Json to_json(const TranslationText& text, std::int64_t max_length);

/// The opposite, and of `max_length`. Throws Error{data} naming `where` and the member that is missing or wrong.
struct RecordedTranslationText {
  TranslationText text;
  std::int64_t max_length = 0;
};
RecordedTranslationText translation_text_from_json(const Json& record, std::string_view where);

}  // namespace enxerto
