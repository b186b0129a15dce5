#pragma once
#include <memory>

#include "enxerto/engine/trainer.h"

namespace enxerto {

/// The Trainer of libenxerto_torch.so. The caller has checked the options (enxerto/engine/trainer_options.h) and checks
/// what it hands to each call; here is refused what only LibTorch can tell: an operator that it lacks, a device that
/// is not there.
std::unique_ptr<Trainer> make_torch_trainer(const Graph& graph, const TrainerOptions& options);

}  // namespace enxerto
