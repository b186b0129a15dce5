#pragma once
#include <vector>

#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/tasks/task.h"
#include "enxerto/transfer/phase.h"
#include "enxerto/workflow/recipe.h"
#include "enxerto/workflow/training_data.h"

namespace enxerto {

/// A run as it is planned.
struct PlannedRun {
  const Recipe& asked;               ///< as it was given
  const Recipe& recipe;              ///< as it was resolved
  const std::vector<Phase>& phases;  ///< as they will run
  const TrainingData& data;
  const Backbone& backbone;
};

/// Everything that can be wrong is found before anything is computed: data, task, head, loss, metrics, batch sizes and
/// device are held against each other, keys without effect are refused (`refuse_ineffective`), and the folder of
/// checkpoints and the training engine are looked at where phases make steps. Throws as the parts of the run do.
TaskPtr rehearse(const PlannedRun& run);

/// "phase 2 (layer4)": how errors and reports name a phase.
std::string phase_name(std::size_t number, const Phase& phase);

}  // namespace enxerto
