#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/data/column_facts.h"

namespace enxerto {

/// As `TableOptions::fold`: none of a table's folds is tested on; N is, where it is there. N itself must be there.
inline constexpr std::int64_t kNoFold = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t fold_where_there(std::int64_t fold) { return -1 - fold; }

/// Columns of a table among which one may have the folds.
struct FoldColumns {
  const std::vector<std::string>& names;
  const std::vector<ColumnFacts>& facts;
  std::vector<bool> free = {};            ///< neither of inputs nor asked for as targets
  std::optional<std::size_t> parts = {};  ///< the column that has the parts of the data
  bool of_clips = false;                  ///< their published sets are judged by folds
};

/// Where the folds are, and the cell of the one that is tested on.
struct FoldChoice {
  std::optional<std::size_t> column = {};  ///< no target, whether or not a fold is tested on
  std::optional<std::string> fold = {};
};

/// Of clips it is usually the last one. Throws Error{usage} naming
/// `where` for a fold that is not there, with what was found in place of folds.
FoldChoice choose_fold(const FoldColumns& columns, const std::optional<std::int64_t>& asked, const std::string& where);

}  // namespace enxerto
