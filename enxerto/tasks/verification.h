#pragma once
#include "enxerto/tasks/task.h"

namespace enxerto {

/// Whether two examples are of one identity, which need not be one of those that were learned from: by the cosine of
/// their vectors, from a threshold on that a wanted rate of false accepts sets.
TaskKind verification_task();

}  // namespace enxerto
