#pragma once
#include "enxerto/tasks/task.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// What a recipe asks of head and loss of a task of that kind.
TaskRequest task_request(const Recipe& recipe, const TaskKind& kind);

/// Writes into the recipe which kind of head is grown where that is left open: the one that a network with these
/// parameters ends in, with its layers, where the task takes it, else the task's usual one. Throws Error{usage} for a
/// kind that the task does not take.
void decide_head(Recipe& recipe, const TaskKind& kind, const StateDict& network);

/// A head that takes the same features, without layers: what is frozen before it is frozen before the other.
HeadSpec bare_head(const Recipe& recipe, const TaskKind& kind);

}  // namespace enxerto
