#pragma once
#include <span>
#include <string>
#include <vector>

#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// The phases of a recipe for a network with these stages: its own, or those of its preset with what [training] changes
/// of the last one; a recipe with neither learns its head ("feature-extraction"), and with `train_from` fine-tunes from
/// there. `linear_head`: the head can be solved exactly. Checked. Throws Error{usage}.
std::vector<Phase> resolve_phases(const Recipe& recipe, std::span<const std::string> stages, bool linear_head);

}  // namespace enxerto
