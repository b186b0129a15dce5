#include "enxerto/data/one_hot.h"

#include <algorithm>

#include "enxerto/data/csv_number.h"

namespace enxerto {

std::optional<std::size_t> only_mark(const std::vector<std::string>& fields, std::span<const std::size_t> columns) {
  std::optional<std::size_t> found;
  for (const std::size_t column : columns) {
    const std::optional<bool> mark = csv_flag(fields[column]);
    if (!mark || (*mark && found)) return std::nullopt;
    if (*mark) found = column;
  }
  return found;
}

bool are_one_hot(const CsvFile& file, std::span<const std::size_t> columns) {
  if (columns.size() < 2) return false;
  std::vector<bool> marked(columns.size());
  bool all = true;
  KeptFaults others;
  file.for_each_right_row(
      [&](const std::vector<std::string>& fields, std::size_t /*line*/) {
        const std::optional<std::size_t> mark = only_mark(fields, columns);
        all = mark.has_value();
        if (mark) marked[static_cast<std::size_t>(std::ranges::find(columns, *mark) - columns.begin())] = true;
        return all;
      },
      others);
  return all && std::ranges::count(marked, true) > 1;
}

}  // namespace enxerto
