#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Sizes of symbolic dimensions, by symbol.
using SymbolSizes = std::map<std::string, std::int64_t, std::less<>>;

/// The size that a dimension has where its symbols have these: 98 of "batch*49" with 2, 4 of "ceil(frames/2)" with 7.
/// nullopt where a symbol has no size, and for an expression that says less than a number ("slice(..)").
std::optional<std::int64_t> size_at(const Dim& dim, const SymbolSizes& sizes);

}  // namespace enxerto
