#pragma once
#include <span>
#include <string>
#include <vector>

#include "enxerto/tasks/task.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// The phases of a recipe for a network with these stages: its own, or those of its preset with what [training] changes
/// of the last one; a recipe with neither learns its head ("feature-extraction"), and with `train_from` fine-tunes from
/// there. `exact` says whether the head can be solved exactly, and a phase that wants it is refused where not. Checked.
/// Throws Error{usage}.
std::vector<Phase> resolve_phases(const Recipe& recipe, std::span<const std::string> stages, const ExactChoice& exact);

}  // namespace enxerto
