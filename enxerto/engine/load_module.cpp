#include "enxerto/engine/load_module.h"

#include "enxerto/engine/passive_waiting.h"

namespace enxerto {
namespace {

constexpr ModuleFile kForward{
    "libenxerto_openvino.so", kModuleEntryName, kModuleVersion, "the forward engine",
    "run tools/setup, which unpacks the wheel openvino, and build the target enxerto_openvino; or set "
    "ENXERTO_ENGINE_DIR to the directory of libenxerto_openvino.so"};
constexpr ModuleFile kTraining{
    "libenxerto_torch.so", kTrainingModuleEntryName, kTrainingModuleVersion, "the training engine",
    "run tools/setup train, which unpacks the wheel torch, then configure again and build the target enxerto_torch; or "
    "set ENXERTO_ENGINE_DIR to the directory of libenxerto_torch.so"};

}  // namespace

const EngineModule& open_engine_module(const std::vector<std::filesystem::path>& directories) {
  const PassiveWaiting passive;
  return *static_cast<const EngineModule*>(open_module(kForward, directories));
}

const TrainingModule& open_training_module(const std::vector<std::filesystem::path>& directories) {
  const PassiveWaiting passive;
  return *static_cast<const TrainingModule*>(open_module(kTraining, directories));
}

const EngineModule& engine_module() {
  static const EngineModule& module = open_engine_module(module_directories());
  return module;
}

const TrainingModule& training_module() {
  static const TrainingModule& module = open_training_module(module_directories());
  return module;
}

}  // namespace enxerto
