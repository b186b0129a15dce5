#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/engine/openvino/module.h"
#include "enxerto/engine/torch/module.h"

namespace enxerto {

/// Where the engines' modules are looked for, in this order: $ENXERTO_ENGINE_DIR, the directory of the library or
/// program that holds this code, `../lib` from there, and the directory of installation.
std::vector<std::filesystem::path> module_directories();

/// Opens a module in the first of `directories` that has it. It stays open until the program ends: tensors that it
/// made may outlive everything else. Throws Error{other} where no directory has it, it cannot be loaded, or it belongs
/// to another version of Enxerto, saying what to install.
const EngineModule& open_engine_module(const std::vector<std::filesystem::path>& directories);
const TrainingModule& open_training_module(const std::vector<std::filesystem::path>& directories);

/// The modules of this process, each opened on first use.
const EngineModule& engine_module();
const TrainingModule& training_module();

}  // namespace enxerto
