#pragma once
#include <span>

#include "enxerto/data/dataset.h"

namespace enxerto {

/// The targets of the examples at `positions`, stacked: (n) of int64 for classes, (n, names) of float32 for labels and
/// numbers; where the kind varies in length, (n, longest, ..) with -1 behind the shorter ones. Throws Error{data}
/// naming an example without a target, or with one of another shape than the first.
Tensor target_batch(const Dataset& dataset, std::span<const std::size_t> positions);

}  // namespace enxerto
