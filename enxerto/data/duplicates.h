#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "enxerto/base/hash.h"

namespace enxerto {

/// Positions in `others` whose content is also in `contents`, ascending: pictures of a test set that were trained on.
/// Zero hashes (unreadable pictures) match nothing.
std::vector<std::size_t> duplicates_across(std::span<const Hash128> contents, std::span<const Hash128> others);

}  // namespace enxerto
