#pragma once
#include <filesystem>
#include <vector>

#include "enxerto/base/module_file.h"
#include "enxerto/engine/openvino/module.h"
#include "enxerto/engine/torch/module.h"

namespace enxerto {

/// The engines' modules, opened as `open_module` does and throwing what it throws.
const EngineModule& open_engine_module(const std::vector<std::filesystem::path>& directories);
const TrainingModule& open_training_module(const std::vector<std::filesystem::path>& directories);

/// The modules of this process, each opened on first use.
const EngineModule& engine_module();
const TrainingModule& training_module();

}  // namespace enxerto
