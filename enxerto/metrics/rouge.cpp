#include "enxerto/metrics/rouge.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "enxerto/base/utf8.h"
#include "enxerto/metrics/text_points.h"

namespace enxerto {
namespace {

constexpr std::uint32_t kKelvin = 0x212A, kDottedCapitalI = 0x130;  // their small letters are k, and i with a dot above

/// The character in lower case where it is one of a word; 0 for all others.
char word_character(std::uint32_t point) {
  if (point >= 'A' && point <= 'Z') return static_cast<char>(point - 'A' + 'a');
  if ((point >= 'a' && point <= 'z') || (point >= '0' && point <= '9')) return static_cast<char>(point);
  return point == kKelvin ? 'k' : point == kDottedCapitalI ? 'i' : '\0';
}

std::size_t longest_common_subsequence(const std::vector<std::string>& one, const std::vector<std::string>& other) {
  std::vector<std::size_t> row(other.size() + 1, 0);
  for (const std::string& word : one) {
    std::size_t diagonal = 0;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = word == other[j - 1] ? diagonal + 1 : std::max(above, row[j - 1]);
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::vector<std::string> rouge_words(std::string_view text) {
  std::vector<std::string> words(1);
  for (std::string_view rest = text; !rest.empty();) {
    const CodePoint point = first_point(rest);
    rest.remove_prefix(point.bytes.size());
    const char character = word_character(point.value);
    if (character != '\0') words.back() += character;
    const bool ends = character == '\0' || point.value == kDottedCapitalI;  // the dot above divides
    if (ends && !words.back().empty()) words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

double rouge_l(std::string_view said, std::string_view reference) {
  const std::vector<std::string> own = rouge_words(said), right = rouge_words(reference);
  if (own.empty() || right.empty()) return 0;
  const auto common = static_cast<double>(longest_common_subsequence(right, own));
  const double precision = common / static_cast<double>(own.size()),
               recall = common / static_cast<double>(right.size());
  return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
}

}  // namespace enxerto
