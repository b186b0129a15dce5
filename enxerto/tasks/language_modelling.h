#pragma once
#include "enxerto/tasks/task.h"

namespace enxerto {

/// The row of the table: each token of a text is foretold from those before it. Perplexity, bits per byte.
TaskKind language_modelling_task();

}  // namespace enxerto
