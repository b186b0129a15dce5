#include "enxerto/engine/torch/module.h"

#include <torch/version.h>

#include "enxerto/engine/torch/torch_trainer.h"

namespace enxerto {
namespace {

class LibTorchModule final : public TrainingModule {
 public:
  std::string version() const override { return "LibTorch " TORCH_VERSION; }

  std::unique_ptr<Trainer> make_trainer(const Graph& graph, const TrainerOptions& options) const override {
    return make_torch_trainer(graph, options);
  }
};

}  // namespace
}  // namespace enxerto

extern "C" __attribute__((visibility("default"))) const enxerto::TrainingModule* enxerto_training_module(int version) {
  static const enxerto::LibTorchModule module;
  return version == enxerto::kTrainingModuleVersion ? &module : nullptr;
}
