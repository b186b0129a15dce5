#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/transfer/phase_context.h"

namespace enxerto {

/// Of these examples, as the loss wants them.
Tensor loss_targets(const PhaseContext& context, const std::vector<std::size_t>& positions);

/// The identity of each training example (`EpochBatchesOptions::alike`) where the loss compares them; else nothing.
std::vector<std::int64_t> alike_examples(const PhaseContext& context);

}  // namespace enxerto
