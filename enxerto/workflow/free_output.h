#pragma once
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// Throws Error{usage} where something is at `output.path`, or is called as what a run writes beside it
/// (OUTPUT.report.html, OUTPUT.epochs.csv), that the run must not or may not replace, or where it is empty: said before
/// the work begins, not after. What another run left beside it is ours.
void require_free_output(const Recipe::Output& output);

}  // namespace enxerto
