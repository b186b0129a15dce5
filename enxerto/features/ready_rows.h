#pragma once
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <vector>

#include "enxerto/features/extract.h"

namespace enxerto {

/// Rows of a data set that were extracted once for all its examples, to be taken by position instead of being looked up
/// again.
class ReadyRows {
 public:
  ReadyRows() = default;
  ReadyRows(const FeatureSource& source, Extracted all);

  const Extracted& all() const { return all_; }

  /// True where `source` gives these rows.
  bool is_of(const FeatureSource& source) const;

  /// The rows of the examples at `positions`, none of which is counted as computed or cached; nothing where `source`
  /// is of another feature space or of a view, or an example has no row.
  std::optional<Extracted> of(const FeatureSource& source, const std::vector<std::size_t>& positions) const;

 private:
  Hash128 space_ = {};
  Extracted all_ = {};
  std::unordered_map<std::size_t, std::size_t> row_of_ = {};  // by position
};

}  // namespace enxerto
