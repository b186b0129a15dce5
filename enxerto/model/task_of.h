#pragma once
#include "enxerto/bundle/bundle.h"
#include "enxerto/tasks/task.h"

namespace enxerto {

/// What a saved model is for. Throws Error{weights} naming `where`, also for a task that this version does not know.
TaskPtr task_of(const Bundle& bundle, std::string_view where);

}  // namespace enxerto
