#pragma once
#include <span>
#include <string>
#include <string_view>

#include "enxerto/engine/trainer.h"
#include "enxerto/transfer/phase.h"

namespace enxerto {

/// Throws Error{usage} for the first field that is out of its range or no name that is known (naming the nearest), as
/// "phase 2: learning_rate": `where` is "phase 2". `stages` are the network's, from its input to "head"; an unknown
/// `train_from` lists them, the nearest first. A rate of 0 is a phase that trains nothing.
void check(const Phase& phase, std::span<const std::string> stages, std::string_view where);

/// `check` of each, as "phase 1" .. Throws Error{usage} where there is none.
void check(std::span<const Phase> phases, std::span<const std::string> stages);

/// Stages that learn in a phase, `train_from` and all behind it; all of them for "all". Throws Error{usage} as `check`.
std::vector<std::string> trained_stages(const Phase& phase, std::span<const std::string> stages,
                                        std::string_view where);

/// The optimizer of a phase that is not solved exactly. Throws Error{usage} for another name.
OptimizerOptions optimizer_of(const Phase& phase);

}  // namespace enxerto
