#include "enxerto/data/csv_folds.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "enxerto/base/error.h"
#include "enxerto/data/column_names.h"
#include "enxerto/data/csv_number.h"
#include "enxerto/data/ignored_entries.h"

namespace enxerto {
namespace {

std::int64_t fold_number(const std::string& cell) { return std::llround(csv_number(cell).value_or(0)); }

/// As their numbers are ordered.
std::vector<std::string> ordered_folds(const ColumnFacts& facts) {
  std::vector<std::string> cells(facts.different.begin(), facts.different.end());
  std::ranges::stable_sort(cells, {}, fold_number);
  return cells;
}

bool few_folds(const ColumnFacts& facts) {
  return facts.different.size() > 1 && facts.different.size() < ColumnFacts::kDifferent;
}

/// Why a column that is called so has no folds.
std::string unlike_folds(const std::string& name, const ColumnFacts& facts) {
  const std::string column = printable(name);
  const auto whole = [](const std::string& cell) {
    const auto number = csv_number(cell);
    return number && std::trunc(*number) == *number;
  };
  const auto other = std::ranges::find_if_not(facts.different, whole);
  if (!facts.integers && other != facts.different.end())
    return other->empty() ? fmt::format("the column '{}' has empty cells", column)
                          : fmt::format("the column '{}' has '{}'", column, printable(*other));
  if (facts.different.size() == 1) return fmt::format("the column '{}' has {} alone", column, *facts.different.begin());
  return fmt::format("the column '{}' has {} different cells or more", column, ColumnFacts::kDifferent);
}

}  // namespace

FoldChoice choose_fold(const FoldColumns& columns, const std::optional<std::int64_t>& asked, const std::string& where) {
  const std::span<const std::string_view> names = column_names().folds;
  const auto is_free = [&](std::size_t c) { return columns.free[c]; };
  const auto has_folds = [&](std::size_t c) {
    return is_free(c) && columns.facts[c].integers && few_folds(columns.facts[c]);
  };
  FoldChoice choice{.column = find_column(columns.names, names, has_folds)};
  const bool wanted = asked && *asked >= 0;
  if (wanted && (!choice.column || columns.parts)) {
    const auto named = find_column(columns.names, names, is_free);
    throw usage_error(where,
                      fmt::format("fold {}, but {}", *asked,
                                  choice.column ? "a column has the parts"
                                  : named       ? unlike_folds(columns.names[*named], columns.facts[*named])
                                                : "no folds"),
                      "a column 'fold' of whole numbers, two or more of them, and none of parts",
                      "leave data.fold out");
  }
  const bool usual = !asked || *asked == kNoFold;
  if (columns.parts || (usual && !columns.of_clips)) choice.column.reset();
  // What is called so is no target, even where it cannot be used.
  if (!choice.column && columns.of_clips && !columns.parts) {
    choice.column = find_column(columns.names, names, is_free);
    return choice;
  }
  if (!choice.column || asked == kNoFold) return choice;
  const std::vector<std::string> all = ordered_folds(columns.facts[*choice.column]);
  if (!asked) {
    choice.fold = all.back();
    return choice;
  }
  const auto chosen = std::ranges::find(all, wanted ? *asked : fold_where_there(*asked), fold_number);
  if (chosen != all.end())
    choice.fold = *chosen;
  else if (wanted)
    throw usage_error(where, fmt::format("no fold {}", *asked), fmt::format("one of {}", fmt::join(all, ", ")),
                      "leave data.fold out: of clips the last one is tested on");
  else if (*asked == fold_where_there(0) && columns.of_clips)
    choice.fold = all.back();  // models from before folds were counted from 0 say 0 for the usual one
  return choice;
}

}  // namespace enxerto
