#include "enxerto/workflow/task_request.h"

#include <algorithm>
#include <string>

namespace enxerto {

HeadSpec bare_head(const Recipe& recipe, const TaskKind& kind) {
  return {
      .pool = recipe.head.pool, .kind = std::string(kind.head), .features = recipe.head.features, .output = "linear"};
}

TaskRequest task_request(const Recipe& recipe, const TaskKind& kind) {
  return {.head = {.pool = recipe.head.pool,
                   .hidden = recipe.head.hidden,
                   .activation = recipe.head.activation,
                   .batch_norm = recipe.head.batch_norm,
                   .dropout = recipe.head.dropout,
                   .kind = std::string(kind.head),
                   .features = recipe.head.features,
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
