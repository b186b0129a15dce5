#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/data/table_reader.h"

namespace enxerto {

/// Whether a cell is something that people wrote, not a name or a number: three words at least.
bool is_prose(std::string_view cell);

/// The names, text and label, of the two columns of a table whose first row is an example, as sentiment treebanks are
/// published ("a fine film<TAB>1"): most cells of one column are prose, and the first of the other is one that other
/// rows have too, and no name of a column. Empty where the first row names the columns. `rest`: the rows below it; the
/// first thousand are looked at.
std::vector<std::string> names_without_header(const std::vector<std::string>& first, TableReader& rest);

}  // namespace enxerto
