#pragma once
#include "enxerto/tasks/task.h"

namespace enxerto {

/// What is said in recordings, written by connectionist temporal classification (Graves et al. 2006): of each frame a
/// character or none. The characters are those of the training transcripts.
TaskKind speech_recognition_task();

}  // namespace enxerto
