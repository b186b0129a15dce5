#pragma once
#include <span>

#include "enxerto/transfer/phase.h"
#include "enxerto/workflow/recipe.h"
#include "enxerto/workflow/row_roles.h"

namespace enxerto {

/// Whether the phases that were chosen run again with the validation examples among those to learn from. Left to the
/// run: where it has held them back itself, from fewer than 10,000 (more of that many examples gain little, and a
/// second run costs as much as the first), and no learning rate followed their loss. Throws Error{usage} where it is
/// asked for and nothing is chosen.
bool is_to_refit(Refit asked, const RowRoles& roles, std::span<const Phase> phases, bool validation_chooses);

}  // namespace enxerto
