#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace enxerto {

/// Names that columns of tables have in published sets, by what the columns hold. In the order in which they are
/// looked for; compared without case, spaces and punctuation: "image_path", "Image Path" and "imagepath" are one.
struct ColumnNames {
  std::span<const std::string_view> pictures, texts, lists, classes, parts, groups, numbering, folds;
  std::span<const std::string_view> fold_classes;  ///< classes where there are folds
  std::span<const std::string_view> usual_groups;  ///< of what examples are taken from: several are alike
};
const ColumnNames& column_names();

/// Columns of two texts that are looked at together, as published sets of pairs call them.
struct ColumnPair {
  std::string_view first, second;
};
std::span<const ColumnPair> column_pairs();

bool same_column_name(std::string_view a, std::string_view b);

/// The column with the first of the names that there is, and that is wanted.
template <typename Wanted>
std::optional<std::size_t> find_column(std::span<const std::string> columns, std::span<const std::string_view> names,
                                       Wanted wanted) {
  for (const std::string_view name : names) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (same_column_name(columns[c], name) && wanted(c)) return c;
    }
  }
  return std::nullopt;
}

/// Where the columns of exactly these names are, in the order of the names; none unless all are there.
std::vector<std::size_t> columns_called(std::span<const std::string> columns, std::span<const std::string> names);

bool is_one_of(std::string_view column, std::span<const std::string_view> names);

}  // namespace enxerto
