#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace enxerto {

/// What texts look like.
struct GuessedLanguage {
  std::string_view name;  ///< "Portuguese", or of other letters than Latin ones "Cyrillic letters"
  std::string_view code;  ///< "pt"; "" of letters
  double share = 0;       ///< of all words that are function words of that language; of all letters
};

/// By their function words (of, the, and ..), or by their letters; none where nothing stands out, as in few words.
std::optional<GuessedLanguage> guessed_language(std::span<const std::string> texts);

/// The code of a language that a file's ending, a column or a key names: "en" of "en", "EN", "eng", "en_GB", "pt-BR",
/// "english"; "" where it is none that `guessed_language` tells.
std::string_view language_code(std::string_view name);

/// "Portuguese" of "pt"; "" of no code.
std::string_view language_name(std::string_view code);

}  // namespace enxerto
