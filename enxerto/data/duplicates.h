#pragma once
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "enxerto/base/hash.h"

namespace enxerto {

/// Positions in `others` whose content is also in `contents`, ascending: pictures of a test set that were trained on.
/// Zero hashes (unreadable pictures) match nothing.
std::vector<std::size_t> duplicates_across(std::span<const Hash128> contents, std::span<const Hash128> others);

/// Equal contents among examples that should all differ.
struct RepeatedContents {
  struct Kind {
    std::size_t count = 0;
    std::size_t first = 0, second = 0;  ///< the first two that are equal, where there are some
  };
  Kind copies;     ///< examples that repeat another one with the same answer
  Kind conflicts;  ///< contents that stand with different answers
};

/// `same_answer` compares two positions. Zero hashes are equal to nothing.
RepeatedContents repeated_contents(std::span<const Hash128> contents,
                                   const std::function<bool(std::size_t, std::size_t)>& same_answer);

}  // namespace enxerto
