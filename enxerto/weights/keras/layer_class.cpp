#include "enxerto/weights/keras/layer_class.h"

#include <charconv>

namespace enxerto {
namespace {

// Keras's own rule is two regular expressions over ASCII letters; these are written out, because std::regex recurses as
// deep as a name is long.
bool is_upper(char letter) { return letter >= 'A' && letter <= 'Z'; }
bool is_lower(char letter) { return letter >= 'a' && letter <= 'z'; }
bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
std::string with_words_apart(std::string_view name) {
  std::string result;
  std::size_t at = 0;
  while (at < name.size()) {
    result += name[at++];
    if (at + 1 >= name.size() || !is_upper(name[at]) || !is_lower(name[at + 1])) continue;
    result += '_';
    result += name[at++];
    while (at < name.size() && is_lower(name[at])) result += name[at++];
  }
  return result;
}

}  // namespace

std::string snake_case(std::string_view class_name) {
  std::string word_letters;
  for (const char letter : class_name) {
    if (is_upper(letter) || is_lower(letter) || is_digit(letter) || letter == '_') word_letters += letter;
  }
  std::string result;
  char before = '\0';
  for (const char letter : with_words_apart(word_letters)) {
    if (is_lower(before) && is_upper(letter)) result += '_';
    result += is_upper(letter) ? static_cast<char>(letter - 'A' + 'a') : letter;
    before = letter;
  }
  return result;
}

NumberedName numbered(std::string_view name) {
  const std::size_t underscore = name.rfind('_');
  if (underscore == std::string_view::npos || underscore + 1 == name.size()) return {.base = name, .number = 0};
  unsigned long number = 0;
  const auto [stop, error] = std::from_chars(name.data() + underscore + 1, name.data() + name.size(), number);
  if (error != std::errc() || stop != name.data() + name.size()) return {.base = name, .number = 0};
  return {.base = name.substr(0, underscore), .number = number};
}

}  // namespace enxerto
