#include "enxerto/data/column_facts.h"

#include <algorithm>
#include <cmath>

#include "enxerto/data/csv_file.h"
#include "enxerto/data/csv_number.h"
#include "enxerto/data/list_cells.h"
#include "enxerto/data/part_names.h"
#include "enxerto/data/without_header.h"

namespace enxerto {

void ColumnFacts::see(const std::string& cell, std::size_t line) {
  const std::string_view text = trimmed(cell);
  ++cells;
  prose += is_prose(text) ? 1 : 0;
  characters += text.size();
  const std::optional<float> number = csv_number(cell);
  const bool gap = text.empty() || is_gap(text);
  if (gap) {
    ++gaps;
  } else if (number) {
    ++numeric;
  } else {
    if (!words) word_line = line, word = cell;
    words = true;
  }
  if (number || is_number_with_unit(cell)) ++measured;
  if (const std::size_t point = text.find('.'); point != std::string_view::npos && number) {
    const bool thousands = text.size() == point + 4 && point > 0 && point <= 3;
    three_decimals += thousands ? 1 : 0;
    other_decimals = other_decimals || !thousands;
  }
  if (different.contains(text)) return;
  if (different.size() < kDifferent) different.emplace(text);
  pipes = pipes || cell.find('|') != std::string::npos;
  semicolons = semicolons || cell.find(';') != std::string::npos;
  commas = commas || cell.find(',') != std::string::npos;
  if (files && !medium) medium = medium_of_file(text);
  files = files && medium_of_file(text).has_value();
  parts = parts && part_named(text).has_value();
  if (flags && !csv_flag(cell)) flags = false, not_flag_line = line, not_flag = cell;
  digits = digits && flags && number.has_value();
  signs = signs && number && std::abs(*number) == 1.0F;
  integers = integers && number && std::trunc(*number) == *number;
  if (written_list(text))
    ++lists;
  else if (!gap && no_lists++ == 0)
    no_list_line = line, no_list = cell;
  units = units && is_number_with_unit(cell);
  if (number) return;
  const bool comma = has_decimal_comma(cell);
  decimal_commas = comma && (numbers || decimal_commas);
  not_finite = is_not_finite(cell) && (numbers || not_finite);
  if (numbers) numbers = false, no_number_line = line, no_number = cell;
}

bool ColumnFacts::marks_with_gaps() const {
  return are_numbers_with_gaps() && std::ranges::all_of(different, [](const std::string& cell) {
           return csv_flag(cell) || csv_number(cell) == -1.0F || cell.empty() || is_gap(cell);
         });
}

bool ColumnFacts::has_no_mark() const {
  return std::ranges::any_of(different,
                             [](const std::string& cell) { return !csv_flag(cell) && csv_number(cell) != -1.0F; });
}

}  // namespace enxerto
