#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "enxerto/heads/stratified_folds.h"

namespace enxerto {

/// Folds that no group is divided by; `groups` has the number of each row's group. The largest groups are dealt out
/// first, each to the fold whose shares of the classes it leaves nearest to even, as scikit-learn's
/// `StratifiedGroupKFold` does; equal ones in a seeded order. `wanted` folds, or as many as the class of the fewest
/// groups, of two or more, has of them, at least 2. A group without which a class would not be learned from at all is
/// held out by no fold. Without `groups`: `stratified_folds`.
Folds grouped_folds(std::span<const std::int64_t> labels, std::size_t classes, std::span<const std::size_t> groups,
                    int wanted, std::uint64_t seed);

}  // namespace enxerto
