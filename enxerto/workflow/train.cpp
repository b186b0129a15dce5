#include "enxerto/workflow/train.h"

#include "enxerto/workflow/training_run.h"

namespace enxerto {

TrainReport train(const Recipe& recipe, Progress& progress) { return TrainingRun(recipe, progress).run(); }

}  // namespace enxerto
