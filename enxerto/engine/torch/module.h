#pragma once
#include <memory>
#include <string>

#include "enxerto/engine/trainer.h"

namespace enxerto {

/// What crosses between the front and libenxerto_torch.so: no type of LibTorch, only `base`, `graph` and trainer.h.
class TrainingModule {
 public:
  virtual ~TrainingModule() = default;

  /// "LibTorch 2.15.0".
  virtual std::string version() const = 0;

  /// The caller has checked the graph and the options. Throws as `enxerto::make_trainer`.
  virtual std::unique_ptr<Trainer> make_trainer(const Graph& graph, const TrainerOptions& options) const = 0;
};

/// Counts up whenever this header or trainer.h changes, so that a front never meets a module of another build.
inline constexpr int kTrainingModuleVersion = 3;

/// The module's one exported symbol, `extern "C"`; nullptr for another version.
using TrainingModuleEntry = const TrainingModule* (*)(int version);
inline constexpr const char* kTrainingModuleEntryName = "enxerto_training_module";

}  // namespace enxerto
