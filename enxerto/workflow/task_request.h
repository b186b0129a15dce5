#pragma once
#include "enxerto/tasks/task.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// What a recipe asks of head and loss.
TaskRequest task_request(const Recipe& recipe);

}  // namespace enxerto
