#pragma once
#include <optional>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// Arithmetic on dimensions that keeps symbols: equal products are written equally ("batch*49", never "49*batch" or
/// "batch*7*7"), so that shapes can be compared as text. Sizes are not negative. nullopt where a size would leave the
/// range of 0 to 2^62.
std::optional<Dim> times(const Dim& a, const Dim& b);
std::optional<Dim> plus(const Dim& a, const Dim& b);

/// The quotient where `part` divides `whole` whatever the symbols are; nullopt where that is not known.
std::optional<Dim> divided(const Dim& whole, const Dim& part);

}  // namespace enxerto
