#pragma once
#include "enxerto/transfer/phase_context.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// What a recipe says that all phases of its run share.
void apply_settings(const Recipe& recipe, PhaseContext& context);

}  // namespace enxerto
