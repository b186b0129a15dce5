#include "enxerto/workflow/task_request.h"

#include <algorithm>

namespace enxerto {

TaskRequest task_request(const Recipe& recipe) {
  return {.head = {.pool = recipe.head.pool,
                   .hidden = recipe.head.hidden,
                   .activation = recipe.head.activation,
                   .batch_norm = recipe.head.batch_norm,
                   .dropout = recipe.head.dropout,
                   .output = recipe.head.output},
          .loss = {.kind = recipe.loss.kind,
                   .label_smoothing = recipe.loss.label_smoothing,
                   .class_weights = {},
                   .focal_gamma = recipe.loss.focal_gamma,
                   .focal_alpha = recipe.loss.focal_alpha,
                   .huber_delta = recipe.loss.huber_delta},
          .balanced = recipe.head.class_weights == ClassWeights::balanced,
          .mixes = std::ranges::any_of(recipe.phases, [](const Phase& phase) {
            return phase.augmentation.mixup > 0 || phase.augmentation.cutmix > 0;
          })};
}

}  // namespace enxerto
