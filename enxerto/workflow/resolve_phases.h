#pragma once
#include <span>
#include <string>
#include <vector>

#include "enxerto/tasks/task.h"
#include "enxerto/transfer/presets.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// What phases are fitted to.
struct PhasesFor {
  std::span<const StageCost> stages;  ///< of the network, from its input to "head"
  ExactChoice exact;                  ///< whether the head can be solved exactly
  bool new_head = true;               ///< false: its words are the network's, so that no phase is for it alone
  PresetOptions preset = {};          ///< `linear_head` is that of `exact`
};

/// The phases of a recipe: its own, or those of its preset with what [training] changes of the last one; a recipe with
/// neither learns its head ("feature-extraction"; "fine-tune" where it is not new), and with `train_from` fine-tunes
/// from there. A phase that wants an exact head is refused where there is none. Checked. Throws Error{usage}.
std::vector<Phase> resolve_phases(const Recipe& recipe, const PhasesFor& network);

}  // namespace enxerto
