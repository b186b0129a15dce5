#include "enxerto/transfer/phase_lora.h"

#include <utility>

#include "enxerto/graph/head_stage.h"

namespace enxerto {

LoraOptions lora_options(const Phase& phase, std::uint64_t seed) {
  return {.rank = phase.lora_rank,
          .alpha = phase.lora_alpha > 0 ? phase.lora_alpha : static_cast<double>(phase.lora_rank),
          .targets = phase.lora_targets,
          .seed = seed};
}

Graph with_lora_of(Graph graph, const Phase& phase, std::uint64_t seed) {
  return phase.lora_rank > 0 ? with_lora(graph, lora_options(phase, seed)) : std::move(graph);
}

void keep_adapters(std::vector<ParameterGroup>& groups, bool new_head) {
  for (ParameterGroup& group : groups)
    std::erase_if(group.parameters, [&](const std::string& name) {
      return !is_lora(name) && !(new_head && name.starts_with(kHeadStage));
    });
  std::erase_if(groups, [](const ParameterGroup& group) { return group.parameters.empty(); });
}

PhaseOutcome merged(PhaseOutcome outcome, const Graph& network, const Phase& phase, StateDict& adapters) {
  if (phase.lora_rank == 0) return outcome;
  for (const auto& [name, tensor] : outcome.weights)
    if (is_lora(name)) adapters.set(name, tensor);
  const LoraOptions options = lora_options(phase);
  outcome.weights = merged_lora(network, outcome.weights, options.alpha / static_cast<double>(options.rank));
  return outcome;
}

}  // namespace enxerto
