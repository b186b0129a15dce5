#pragma once
#include "enxerto/tasks/task.h"

namespace enxerto {

/// Any number of several labels: the output "probabilities" is (batch, labels), each of them for itself.
TaskKind multi_label_task();

}  // namespace enxerto
