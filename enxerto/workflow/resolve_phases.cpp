#include "enxerto/workflow/resolve_phases.h"

#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/transfer/check_phase.h"
#include "enxerto/transfer/presets.h"

namespace enxerto {
namespace {

bool changes_last_phase(const Recipe::Training& training) {
  return !training.train_from.empty() || !training.optimizer.empty() || training.epochs > 0 ||
         training.batch_size > 0 || training.learning_rate > 0;
}

void change(Phase& phase, const Recipe::Training& training) {
  if (!training.train_from.empty()) phase.train_from = training.train_from;
  if (!training.optimizer.empty()) phase.optimizer.kind = training.optimizer;
  if (training.epochs > 0) phase.epochs = training.epochs;
  if (training.batch_size > 0) phase.batch_size = training.batch_size;
  if (training.learning_rate > 0) phase.learning_rate = training.learning_rate;
}

/// What has no effect is no wish that was heard.
void refuse_steps_of_exact_head(const Recipe::Training& training) {
  const std::pair<const char*, bool> asked[] = {{"epochs", training.epochs > 0},
                                                {"batch_size", training.batch_size > 0},
                                                {"learning_rate", training.learning_rate > 0}};
  for (const auto& [key, set] : asked) {
    if (set)
      throw usage_error(fmt::format("training.{}", key), "the head is solved exactly, without steps",
                        "a phase that makes steps", "--optimizer adam, or --train-from a stage");
  }
}

std::string preset_of(const Recipe& recipe) {
  const Recipe::Training& training = recipe.training;
  if (!training.preset.empty()) return training.preset;
  if (!training.train_from.empty() && training.train_from != "head") return "fine-tune";
  return recipe.backbone.weights == "random" ? "scratch" : "feature-extraction";
}

}  // namespace

std::vector<Phase> resolve_phases(const Recipe& recipe, std::span<const StageCost> stages, PresetOptions options) {
  std::vector<Phase> phases = recipe.phases;
  if (phases.empty()) {
    if (recipe.training.batch_size > 0) options.batch_size = recipe.training.batch_size;
    phases = preset_phases(preset_of(recipe), stages, options);
  } else if (!recipe.training.preset.empty()) {
    throw usage_error("training.preset", "'" + recipe.training.preset + "' together with [[phase]]", "one of them");
  }
  if (changes_last_phase(recipe.training)) change(phases.back(), recipe.training);
  if (recipe.phases.empty() && phases.back().solved_exactly()) refuse_steps_of_exact_head(recipe.training);
  std::vector<std::string> names;
  for (const StageCost& stage : stages) names.push_back(stage.stage);
  check(phases, names);
  return phases;
}

}  // namespace enxerto
