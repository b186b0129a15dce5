#pragma once
#include "enxerto/tasks/task.h"

namespace enxerto {

/// Who an example is of: the nearest of those who are known, or nobody of them, by a threshold. Who is known can be
/// changed without training (tasks/gallery.h).
TaskKind identification_task();

}  // namespace enxerto
