#pragma once
#include <cstddef>
#include <span>
#include <string>

#include "enxerto/data/column_facts.h"

namespace enxerto {

/// Several columns that nobody named can be learned together where all are numbers, or all say of each example whether
/// it has a label. Throws Error{data} naming them where they are of different kinds.
void require_alike_targets(const std::string& shown, std::span<const std::string> columns,
                           std::span<const ColumnFacts> facts, std::span<const std::size_t> targets);

}  // namespace enxerto
