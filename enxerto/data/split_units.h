#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/data/split.h"

namespace enxerto {

/// Examples that must be on one side of a split: those of one content, and those of one group with all that have a
/// content in common with it.
struct SplitUnit {
  Hash128 draw;                           ///< of (seed, content), or of (seed, group); what decides
  std::vector<std::size_t> members = {};  ///< positions, ascending
};

/// The units, lowest draw first.
std::vector<SplitUnit> split_units(const SplitExamples& examples, std::uint64_t seed);

/// ⌈share · n⌉, but at least one and not all; 0 of fewer than two. A share like 0.2 is meant as the decimal number.
std::size_t share_of(double share, std::size_t n);

}  // namespace enxerto
