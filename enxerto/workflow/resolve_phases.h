#pragma once
#include <span>
#include <string>
#include <vector>

#include "enxerto/transfer/presets.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// The phases of a recipe for a network with these stages: its own, or those of its preset, fitted to `options`, with
/// what [training] changes of the last one; a recipe with neither learns its head ("feature-extraction"), and with
/// `train_from` fine-tunes from there. Checked. Throws Error{usage}.
std::vector<Phase> resolve_phases(const Recipe& recipe, std::span<const StageCost> stages, PresetOptions options);

}  // namespace enxerto
