#pragma once
#include "enxerto/tasks/task.h"

namespace enxerto {

/// Objects in pictures: the output "probabilities" is (batch, boxes, 4 + classes), the corners of each default box in
/// the network's input, px, and how probable each class is there. Boxes follow the picture's random changes; crowds are
/// not learned from. Exported networks choose among the boxes themselves (`with_selection`).
TaskKind detection_task();

}  // namespace enxerto
