#pragma once
#include <span>
#include <string>
#include <string_view>

namespace enxerto {

/// How transcripts are made alike before they are compared. A row of a table.
struct TranscriptNormaliser {
  std::string_view name;   ///< "lower"
  std::string_view title;  ///< for people: "in lower case"
  std::string (*normalised)(std::string_view text);
};

/// none: as they are, which is what jiwer compares. lower: Python's str.lower(). lower_without_punctuation: besides,
/// what Unicode counts as punctuation or symbols is blank, but for an apostrophe between letters.
std::span<const TranscriptNormaliser> transcript_normalisers();

/// The row of that name. Throws Error{usage} with the nearest name.
const TranscriptNormaliser& transcript_normaliser(std::string_view name);

}  // namespace enxerto
