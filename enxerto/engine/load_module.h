#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/engine/openvino/module.h"

namespace enxerto {

/// Where libenxerto_openvino.so is looked for, in this order: $ENXERTO_ENGINE_DIR, the directory of the library or
/// program that holds this code, `../lib` from there, and the directory of installation.
std::vector<std::filesystem::path> module_directories();

/// Opens the module in the first of `directories` that has it. It stays open until the program ends: tensors that it
/// made may outlive everything else. Throws Error{other} where no directory has it, it cannot be loaded, or it belongs
/// to another version of Enxerto, saying what to install.
const EngineModule& open_module(const std::vector<std::filesystem::path>& directories);

/// The module of this process, opened on first use.
const EngineModule& engine_module();

}  // namespace enxerto
