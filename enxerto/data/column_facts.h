#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "enxerto/media/field.h"

namespace enxerto {

/// What all cells of a table's column have in common.
struct ColumnFacts {
  bool flags = true;                                       ///< 0, 1, true, false, yes, no
  bool digits = true;                                      ///< of those, 0 and 1 only
  bool signs = true;                                       ///< 1 and -1
  bool numbers = true;                                     ///< with decimal points
  bool integers = true;                                    ///< whole ones
  bool files = true;                                       ///< end as files of a medium do
  std::optional<Medium> medium;                            ///< of the first that does
  bool parts = true;                                       ///< name a part of the data
  bool pipes = false, semicolons = false, commas = false;  ///< some cell has one
  std::size_t lists = 0, no_lists = 0;  ///< cells that are lists as programs write them; that are not, nor empty
  bool units = true;                    ///< all are numbers with a sign or a unit (`is_number_with_unit`)
  bool decimal_commas = false;          ///< some cell is "1,5", the others are numbers
  bool not_finite = false;              ///< some cell is "nan" or "inf", the others are numbers
  std::size_t cells = 0, prose = 0;     ///< seen; of those, what people wrote (`is_prose`)
  std::size_t gaps = 0;                 ///< empty or saying nothing (`is_gap`)
  std::size_t numeric = 0;              ///< that are numbers
  std::size_t measured = 0;             ///< that are, or have a sign, a unit or thousands (`is_number_with_unit`)
  std::size_t three_decimals = 0;       ///< as thousands have them: "5.224"
  bool other_decimals = false;          ///< some number has more or fewer
  std::size_t word_line = 0;
  std::string word;            ///< the first that is neither
  bool words = false;          ///< some cell is neither such a one nor a number
  std::size_t characters = 0;  ///< of all cells, bytes
  std::size_t not_flag_line = 0, no_number_line = 0, no_list_line = 0;
  std::string not_flag, no_number, no_list;      ///< the first cells that are not
  std::set<std::string, std::less<>> different;  ///< the first few different cells

  static constexpr std::size_t kDifferent = 33;

  void see(const std::string& cell, std::size_t line);

  /// Numbers, and some cells that say nothing where one is not known.
  bool are_numbers_with_gaps() const { return gaps > 0 && !words && 2 * gaps < cells; }

  /// Lists as programs write them (`written_list`).
  bool are_lists() const { return lists > 0 && no_lists == 0; }
  bool are_mostly_lists() const { return lists > no_lists; }

  /// Most cells are prose.
  bool is_text() const { return prose * 2 > cells; }

  /// Cells that say of each example whether it has a label.
  bool marks() const { return flags || signs; }

  /// Those, and some cells that say nothing.
  bool marks_with_gaps() const;

  /// Of the different cells, some are no marks in any column.
  bool has_no_mark() const;
};

}  // namespace enxerto
