#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/base/hash.h"

namespace enxerto {

struct SplitOptions {
  double held_out = 0.2;  ///< share of each class that is held out, at least 0 and below 1; 0 keeps everything
  std::uint64_t seed = 0;
};

struct Split {
  std::vector<std::size_t> kept, held_out;  ///< positions, ascending
};

/// A stratified split. A picture is held out where the hash of (seed, content) falls into the lowest `held_out` share
/// of all hashes, so its side depends on (seed, content) alone: adding files moves no other file, and equal contents
/// are on one side. The price: the share is met on average, not to the picture. Each class with at least two distinct
/// contents has at least one on each side (the one moved for that is the lowest or the highest hash of the class). A
/// content with several labels counts for the lowest of them. Throws Error{usage} for a share out of range and
/// Error{data} where no class can be split or the sizes differ.
Split stratified_split(std::span<const std::int64_t> labels, std::span<const Hash128> contents,
                       const SplitOptions& options);

/// The same without strata, for examples with several labels or values: both sides have at least one content.
Split content_split(std::span<const Hash128> contents, const SplitOptions& options);

}  // namespace enxerto
