#pragma once
#include "enxerto/tasks/task.h"

namespace enxerto {

/// Questions that a passage of a text answers (extractive: SQuAD). A row of `task_kinds()`.
TaskKind question_answering_task();

}  // namespace enxerto
