#pragma once
#include "enxerto/tasks/task.h"

namespace enxerto {

/// One class of several: the output "probabilities" is (batch, classes), rows sum to 1.
TaskKind classification_task();

}  // namespace enxerto
