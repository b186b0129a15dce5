#pragma once
#include <span>

#include "enxerto/media/image/image.h"
#include "enxerto/tasks/prediction.h"

namespace enxerto {

/// Frames around the boxes of what was found, in a colour of each class (by its index), with a light and a dark edge so
/// that they show on anything; at each the name of its class and, where there is one, its probability. Of boxes with
/// probabilities those behind the first 20 are thin and have no name. The last ones lie beneath: the surest come first.
void draw_boxes(Image& image, std::span<const Prediction> found);

}  // namespace enxerto
