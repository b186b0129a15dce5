#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/base/hash.h"

namespace enxerto {

struct SplitOptions {
  double held_out = 0.2;  ///< share of each class that is held out, 0 to 1
  std::uint64_t seed = 0;
};

struct Split {
  std::vector<std::size_t> kept, held_out;  ///< positions, ascending
};

/// A stratified split that depends on (seed, content hash) alone: adding files moves no other file, and equal contents
/// are on one side. Each class with at least two distinct contents has one on each side. Throws Error{data} where no
/// class can be split.
Split stratified_split(std::span<const std::int64_t> labels, std::span<const Hash128> contents,
                       const SplitOptions& options);

}  // namespace enxerto
