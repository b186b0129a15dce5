#pragma once
#include "enxerto/tasks/task.h"

namespace enxerto {

/// What is written in pictures of one line of text each, read from left to right by connectionist temporal
/// classification (Shi, Bai and Yao 2015): of each frame a character or none. The characters are those of the training
/// transcripts.
TaskKind text_recognition_task();

}  // namespace enxerto
