#pragma once
#include <cstdint>
#include <vector>

#include "enxerto/transfer/phase_context.h"

namespace enxerto {

/// The identity of each training example (`EpochBatchesOptions::alike`) where the loss is of pairs of them; else nothing.
std::vector<std::int64_t> alike_examples(const PhaseContext& context);

}  // namespace enxerto
