#include "enxerto/workflow/resolve_phases.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/transfer/check_phase.h"
#include "enxerto/transfer/presets.h"
#include "enxerto/transfer/set_epochs.h"

namespace enxerto {
namespace {

bool changes_last_phase(const Recipe::Training& training) {
  return !training.train_from.empty() || !training.optimizer.empty() || training.epochs > 0 ||
         training.batch_size > 0 || training.learning_rate > 0;
}

void change(Phase& phase, const Recipe::Training& training) {
  if (!training.train_from.empty()) phase.train_from = training.train_from;
  if (!training.optimizer.empty()) phase.optimizer.kind = training.optimizer;
  if (training.epochs > 0) set_epochs(phase, training.epochs);
  if (training.batch_size > 0) phase.batch_size = training.batch_size;
  if (training.learning_rate > 0) phase.learning_rate = training.learning_rate;
}

std::string preset_of(const Recipe& recipe, bool new_head) {
  const Recipe::Training& training = recipe.training;
  if (!training.preset.empty()) return training.preset;
  if (!training.train_from.empty() && training.train_from != kHeadStage) return "fine-tune";
  if (recipe.backbone.weights == "random") return "scratch";
  return new_head ? "feature-extraction" : "fine-tune";
}

}  // namespace

std::vector<Phase> resolve_phases(const Recipe& recipe, const PhasesFor& network) {
  std::vector<Phase> phases = recipe.phases;
  if (phases.empty()) {
    PresetOptions options = network.preset;
    options.linear_head = network.exact.solver != nullptr && network.exact.obstacle.empty();
    if (recipe.training.batch_size > 0) options.batch_size = recipe.training.batch_size;
    phases = preset_phases(preset_of(recipe, network.new_head), network.stages, options);
    if (!network.new_head && phases.size() > 1) phases.erase(phases.begin());
  } else if (!recipe.training.preset.empty()) {
    throw usage_error("training.preset", "'" + recipe.training.preset + "' together with [[phase]]", "one of them");
  }
  if (changes_last_phase(recipe.training)) change(phases.back(), recipe.training);
  std::vector<std::string> names;
  for (const StageCost& stage : network.stages) names.push_back(stage.stage);
  check(phases, names);
  // A head that is only where steps begin may be solved without what they heed.
  const bool all_exact = std::ranges::all_of(phases, &Phase::solved_exactly);
  const bool refused = network.exact.solver == nullptr || (all_exact && !network.exact.obstacle.empty());
  for (std::size_t i = 0; i < phases.size(); ++i)
    if (phases[i].solved_exactly() && refused) refuse_exact(network.exact.obstacle, fmt::format("phase {}", i + 1));
  return phases;
}

}  // namespace enxerto
