#pragma once
#include "enxerto/tasks/task.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// What a recipe asks of head and loss of a task of that kind.
TaskRequest task_request(const Recipe& recipe, const TaskKind& kind);

/// A head that takes the same features, without layers: what is frozen before it is frozen before the other.
HeadSpec bare_head(const Recipe& recipe, const TaskKind& kind);

}  // namespace enxerto
