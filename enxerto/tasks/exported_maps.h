#pragma once
#include <string>

#include "enxerto/graph/graph.h"

namespace enxerto {

/// `network` with its output `scores`, (batch, classes, rows, columns), brought to the size of its first input, (batch,
/// channels, height, width): bilinear, corners not aligned. Its outputs are then "logits" (batch, classes, height,
/// width) and "classes" (batch, height, width) of int64, the class of the highest; of equal ones the lower number.
/// Throws Error{weights} for an input of no fixed size.
Graph with_class_maps(Graph network, const std::string& scores);

}  // namespace enxerto
