#include "enxerto/metrics/edit_distance.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <unordered_map>
#include <vector>

#include "enxerto/base/utf8.h"
#include "enxerto/metrics/text_points.h"

namespace enxerto {
namespace {

std::vector<CodePoint> points_between_blanks(std::string_view text) {
  std::vector<CodePoint> points;
  for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(points.back().bytes.size()))
    points.push_back(first_point(rest));
  const auto blank = [](const CodePoint& point) { return is_blank_point(point.value); };
  points.erase(points.begin(), std::ranges::find_if_not(points, blank));
  while (!points.empty() && blank(points.back())) points.pop_back();
  return points;
}

/// A single blank that is no space is a part of a word, as it is for jiwer.
std::vector<std::string_view> words_between_spaces(std::string_view text) {
  const std::vector<CodePoint> points = points_between_blanks(text);
  std::vector<std::string_view> words;
  const char* begin = nullptr;
  const auto end_word = [&](const char* end) {
    if (begin != nullptr) words.emplace_back(begin, static_cast<std::size_t>(end - begin));
    begin = nullptr;
  };
  for (std::size_t i = 0; i < points.size();) {
    std::size_t behind = i;
    while (behind < points.size() && is_blank_point(points[behind].value)) ++behind;
    if (behind - i > 1 || (behind - i == 1 && points[i].value == ' ')) {
      end_word(points[i].bytes.data());
      i = behind;
      continue;
    }
    if (begin == nullptr) begin = points[i].bytes.data();
    ++i;
  }
  if (!points.empty()) end_word(points.back().bytes.data() + points.back().bytes.size());
  return words;
}

std::size_t distance(const std::vector<std::uint32_t>& said, const std::vector<std::uint32_t>& right) {
  std::vector<std::size_t> row(said.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (const std::uint32_t wanted : right) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < said.size(); ++j) {
      const std::size_t same = diagonal + (said[j] == wanted ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({same, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

std::vector<std::uint32_t> values_of(const std::vector<CodePoint>& points) {
  std::vector<std::uint32_t> values;
  values.reserve(points.size());
  for (const CodePoint& point : points) values.push_back(point.value);
  return values;
}

}  // namespace

Edits word_edits(std::string_view said, std::string_view right) {
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  const auto numbered = [&](std::string_view text) {
    std::vector<std::uint32_t> found;
    for (const std::string_view word : words_between_spaces(text))
      found.push_back(numbers.try_emplace(word, static_cast<std::uint32_t>(numbers.size())).first->second);
    return found;
  };
  const std::vector<std::uint32_t> wanted = numbered(right);
  return {.edits = distance(numbered(said), wanted), .length = wanted.size()};
}

Edits character_edits(std::string_view said, std::string_view right) {
  const std::vector<std::uint32_t> wanted = values_of(points_between_blanks(right));
  return {.edits = distance(values_of(points_between_blanks(said)), wanted), .length = wanted.size()};
}

}  // namespace enxerto
