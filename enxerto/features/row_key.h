#pragma once
#include <cstdint>
#include <optional>

#include "enxerto/base/hash.h"
#include "enxerto/base/rng.h"
#include "enxerto/features/extract.h"

namespace enxerto {

/// `row_key` of one source for many contents.
class RowKeys {
 public:
  explicit RowKeys(const FeatureSource& source);

  /// Zero, which no row has, for a content that is not known yet (zero).
  Hash128 of(const Hash128& content) const;

 private:
  std::optional<Hash128> view_;  // none where rows are of the plain examples
};

/// The random numbers of view number `view` of an example.
RandomKey view_key(std::uint64_t seed, std::uint64_t view, const Hash128& content);

}  // namespace enxerto
