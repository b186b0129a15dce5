#pragma once
#include <cstdint>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/graph/graph.h"
#include "enxerto/graph/lora.h"
#include "enxerto/training/training_loop.h"
#include "enxerto/transfer/phase.h"

namespace enxerto {

/// What of dense layers learns in a phase, with everything decided that it leaves open.
LoraOptions lora_options(const Phase& phase, std::uint64_t seed = 0);

/// The graph with the adapters of the phase; as it is where it has none.
Graph with_lora_of(Graph graph, const Phase& phase, std::uint64_t seed);

/// Leaves adapters, and parameters of a head that is new.
void keep_adapters(std::vector<ParameterGroup>& groups, bool new_head);

/// The same with the adapters merged into weights of `network`, and put into `adapters`; as it is where the phase has
/// none.
PhaseOutcome merged(PhaseOutcome outcome, const Graph& network, const Phase& phase, StateDict& adapters);

}  // namespace enxerto
