#pragma once
#include <string>

#include "enxerto/graph/graph.h"
#include "enxerto/tasks/box_selection.h"

namespace enxerto {

/// `network`, whose output `answer` is (batch, boxes, 4 + classes), with the selection behind it, by ONNX's
/// NonMaxSuppression. Its outputs are then "boxes" (detections, 4) of float32, "scores" (detections), and "classes" and
/// "examples" (detections) of int64: the class, and the place in the batch, of each. Where only a number of the best
/// are looked at or told of, those that equal the last of them are too. Throws Error{weights} where there is no such
/// output.
Graph with_selection(Graph network, const std::string& answer, const BoxSelection& selection);

}  // namespace enxerto
