#pragma once
#include <cstddef>
#include <string_view>

namespace enxerto {

/// What it takes to make a reference of what was written.
struct Edits {
  std::size_t edits = 0;   ///< the fewest substitutions, deletions and insertions (Levenshtein 1966)
  std::size_t length = 0;  ///< words, or characters, of the reference
};

/// Of words, as jiwer's `process_words` counts them: runs of several blanks are one space, blanks at the ends do not
/// count, and words are what stands between spaces.
Edits word_edits(std::string_view said, std::string_view right);

/// Of characters (code points), as jiwer's `process_characters` does: spaces count, but for blanks at the ends.
Edits character_edits(std::string_view said, std::string_view right);

}  // namespace enxerto
