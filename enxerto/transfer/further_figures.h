#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/graph.h"
#include "enxerto/metrics/metric.h"
#include "enxerto/transfer/phase.h"
#include "enxerto/transfer/phase_context.h"

namespace enxerto {

/// Figures of the whole network on the validation part that no output of its trained part tells: of texts that it
/// writes.
struct FurtherFigures {
  MetricsReport latest = {};                                        ///< at first their names, without numbers
  std::size_t measured = 0;                                         ///< how often
  std::function<MetricsReport(const Graph& network)> measure = {};  ///< of its weights as they are then
};

/// What phases are measured by: the task's metrics, and those figures.
std::vector<std::unique_ptr<Metric>> phase_metrics(const PhaseContext& context);

/// Measures further figures of the network with some weights (`LoopOptions::judge`); empty where the phase monitors
/// none of them. Throws Error{usage} where adapters are trained, whose weights are not the network's.
std::function<void(const StateDict&)> further_judge(const PhaseContext& context, const Graph& network,
                                                    const Phase& phase, std::string_view where);

}  // namespace enxerto
