#pragma once
#include <limits>
#include <span>
#include <string>
#include <string_view>

namespace enxerto {

/// The range that a number of a recipe must lie in.
struct NumberRule {
  std::string_view field;
  double value = 0;
  double low = 0, high = std::numeric_limits<double>::infinity();
  bool low_open = false, high_open = false;  ///< the bound itself is out of range
};

/// Throws Error{usage} for the first number that is not in its range, NaN and infinite ones among them: "phase 2:
/// learning_rate: found -1; expected a number above 0".
void check_numbers(std::string_view where, std::span<const NumberRule> rules);

/// A word that must be one of a few.
struct WordRule {
  std::string_view field, word;
  std::span<const std::string> words;
};

/// Throws Error{usage} listing the words, and the nearest.
void check_word(std::string_view where, const WordRule& rule);

}  // namespace enxerto
