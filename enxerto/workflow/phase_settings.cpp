#include "enxerto/workflow/phase_settings.h"

namespace enxerto {

void apply_settings(const Recipe& recipe, PhaseContext& context) {
  context.l2 = recipe.head.l2;
  context.balanced = recipe.head.class_weights == "balanced";
  context.prefix_precision = recipe.run.precision;
  context.train_precision = recipe.training.precision;
  context.rows = recipe.training.rows == "fp16"   ? DType::f16
                  : recipe.training.rows == "bf16" ? DType::bf16
                                                   : DType::f32;
  context.cache_budget = static_cast<std::uint64_t>(recipe.training.cache_budget_gb * 1e9);
  context.seed = static_cast<std::uint64_t>(recipe.run.seed);
  context.device = recipe.training.device;
  context.random_weights = recipe.backbone.weights == "random";
}

}  // namespace enxerto
