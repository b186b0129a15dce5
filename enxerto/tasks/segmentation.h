#pragma once
#include "enxerto/tasks/task.h"

namespace enxerto {

/// A class for each pixel of a picture. The output "probabilities" is the scores of the classes, (batch, classes, rows,
/// columns), at the size of the finest map that the head takes. The answer has the picture's own size: scores are
/// interpolated to it (`class_map`), and the highest counts; so are figures, those of a phase's epochs at the size of
/// the network's input. Masks follow the picture's random changes (`placed_mask`). Exported networks give "logits"
/// (batch, classes, height, width) at the size of their input, and "classes" (batch, height, width) of int64.
TaskKind segmentation_task();

}  // namespace enxerto
