#include "enxerto/data/without_header.h"

#include <algorithm>
#include <cstddef>

#include "enxerto/data/column_names.h"

namespace enxerto {
namespace {

constexpr std::size_t kRowsLookedAt = 1000;
constexpr std::size_t kWordsOfProse = 3;

bool is_column_name(std::string_view cell) {
  const ColumnNames& names = column_names();
  return std::ranges::any_of(
      std::initializer_list<std::span<const std::string_view>>{names.pictures, names.texts, names.lists, names.classes,
                                                               names.parts, names.groups, names.numbering},
      [&](std::span<const std::string_view> known) { return is_one_of(cell, known); });
}

}  // namespace

bool is_prose(std::string_view cell) {
  std::size_t words = 0;
  bool in_word = false;
  for (const char c : cell) {
    const bool space = c == ' ' || c == '\t' || c == '\n';
    words += !space && !in_word ? 1 : 0;
    in_word = !space;
  }
  return words >= kWordsOfProse;
}

std::vector<std::string> names_without_header(const std::vector<std::string>& first, TableReader& rest) {
  if (first.size() != 2 || std::ranges::any_of(first, is_column_name)) return {};
  std::size_t rows = 0, prose[2]{};
  bool known[2]{};  // another row has what the first one has
  std::vector<std::string> row;
  while (rows < kRowsLookedAt && rest.next(row)) {
    if (row.size() != 2) return {};
    ++rows;
    for (std::size_t c = 0; c < 2; ++c) {
      prose[c] += is_prose(row[c]) ? 1 : 0;
      known[c] = known[c] || (!first[c].empty() && row[c] == first[c]);
    }
  }
  const std::size_t text = prose[0] > prose[1] ? 0 : 1;
  if (prose[text] * 2 < rows || prose[1 - text] * 2 > rows || !known[1 - text]) return {};
  if (text == 0) return {"text", "label"};
  return {"label", "text"};
}

}  // namespace enxerto
