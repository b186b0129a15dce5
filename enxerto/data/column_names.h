#pragma once
#include <span>
#include <string_view>

namespace enxerto {

/// Names that columns of tables have in published sets, by what the columns hold. In the order in which they are
/// looked for; compared without case, spaces and punctuation: "image_path", "Image Path" and "imagepath" are one.
struct ColumnNames {
  std::span<const std::string_view> pictures, texts, lists, classes, parts, groups, numbering;
};
const ColumnNames& column_names();

/// Columns of two texts that are looked at together, as published sets of pairs call them.
struct ColumnPair {
  std::string_view first, second;
};
std::span<const ColumnPair> column_pairs();

bool same_column_name(std::string_view a, std::string_view b);

bool is_one_of(std::string_view column, std::span<const std::string_view> names);

}  // namespace enxerto
