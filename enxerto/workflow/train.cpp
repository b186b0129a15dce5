#include "enxerto/workflow/train.h"

#include "enxerto/workflow/training_run.h"

namespace enxerto {

TrainReport train(const Recipe& recipe, Progress& progress) {
  for (const std::string& notice : recipe.notices) progress.notice(notice);
  return TrainingRun(recipe, progress).run();
}

}  // namespace enxerto
