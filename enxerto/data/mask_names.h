#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace enxerto {

class ColourTable;  // colour_table.h

/// What the values of masks are called, as a file says it.
struct MaskNames {
  std::map<std::int64_t, std::string> of_value = {};  ///< several values may have one name: they are one class
  std::optional<std::string> of_others = {};          ///< of every value that is not named
  bool numbered = true;                               ///< the file says the values; else names count from 0
  std::string where = {};                             ///< the file; "" where there is none
  std::shared_ptr<const ColourTable> colours = {};    ///< the values are places in it; null: the masks hold values

  /// What messages call values that stand in no file: those that a reader has given.
  std::map<std::int64_t, std::string> in_words = {};

  bool empty() const { return of_value.empty() && !of_others; }
};

/// True for the names of what is no class: ignore, ignored, unlabeled, unlabelled, void, in any case of letters, and
/// LabelMe's __ignore__.
bool is_ignored_name(std::string_view name);

/// A line for each name: the value, then the name, with a space, a tab, a comma, a semicolon or a colon between them
/// ("7 person", "7,person"), of which the first line may be a header; or names alone, of the values from 0 on. "*" in
/// the place of a value stands for all that are not named. Throws Error{data} naming the line: a value that is none or
/// twice there, a line without a name, no line at all.
MaskNames parse_mask_names(std::string_view text, const std::string& where);

/// Adds one. Throws Error{data} naming `line` for a value that is no whole number from 0 to 65535, or is there already.
void add_mask_name(MaskNames& names, std::string_view value, std::string name, const std::string& line);

}  // namespace enxerto
