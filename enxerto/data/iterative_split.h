#pragma once
#include <span>
#include <vector>

#include "enxerto/data/label_sets.h"
#include "enxerto/data/split_units.h"

namespace enxerto {

/// Whether each unit is held out, by iterative stratification (Sechidis, Tsoumakas, Vlahavas 2011): again and again the
/// units with the rarest label that is left are dealt out, each to the side that still lacks most of that label, then
/// most of all. Units count by their examples, large ones are dealt first, equal ones in the order of `units`; having
/// no label counts as a label. One that at least two units have is on both sides, unless units that it shares with
/// rarer ones prevent it.
std::vector<bool> iterative_split(std::span<const SplitUnit> units, const LabelSets& labels, double share);

}  // namespace enxerto
