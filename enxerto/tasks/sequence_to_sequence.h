#pragma once
#include "enxerto/tasks/task.h"

namespace enxerto {

/// For each text another one, of a network that writes: translation. It is learned word by word, from the words that
/// were right before (teacher forcing); texts that it writes are measured by whoever runs it (`TaskKind::writes`).
TaskKind sequence_to_sequence_task();

}  // namespace enxerto
