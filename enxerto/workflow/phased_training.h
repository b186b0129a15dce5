#pragma once
#include "enxerto/base/progress.h"
#include "enxerto/workflow/train.h"

namespace enxerto {

/// True where the recipe asks for more than a linear head on frozen features.
bool trains_in_phases(const Recipe& recipe);

/// `train` of a recipe with phases, or with a preset, which is resolved into phases first.
TrainReport train_in_phases(const Recipe& recipe, Progress& progress);

}  // namespace enxerto
