#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "enxerto/base/hash.h"
#include "enxerto/data/dataset.h"

namespace enxerto {

/// `contents` of the examples at `positions`, in which texts that differ in capitals, the form of accents and blanks
/// alone all have the lowest hash of theirs: they are copies of one text, whatever their bytes are. Unchanged where
/// examples are no texts, or a text has its place among the others.
std::vector<Hash128> same_words(const Dataset& dataset, std::span<const std::size_t> positions,
                                std::span<const Hash128> contents);

}  // namespace enxerto
