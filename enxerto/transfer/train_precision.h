#pragma once
#include "enxerto/engine/precision.h"
#include "enxerto/graph/graph.h"
#include "enxerto/transfer/phase_context.h"

namespace enxerto {

/// What the part that learns is computed in: as the run says, or bf16 where the processor has it and it pays.
Precision train_precision(const Graph& suffix, const PhaseContext& context);

}  // namespace enxerto
