#pragma once
#include <cstdint>
#include <string>

#include "enxerto/base/progress.h"
#include "enxerto/engine/trainer.h"
#include "enxerto/graph/graph.h"
#include "enxerto/training/batch_source.h"
#include "enxerto/training/rate_finder.h"
#include "enxerto/transfer/phase.h"

namespace enxerto {

/// A phase as it is about to make steps.
struct PhaseSteps {
  const Phase& phase;
  std::string name;
  BatchSource& training;
  BatchSource* validation = nullptr;
  std::int64_t accumulation_steps = 1;
  bool trains_norms = false;
  bool compares_examples = false;  ///< the loss, those of a batch with each other (heads/loss.h)
  std::uint64_t seed = 0;
};

/// Examples in a batch of the longest, where all batches have as many tokens; else `Phase::batch_size`.
std::int64_t longest_batch(const PhaseSteps& steps);

/// Micro-batches that a batch must be computed in, at least `Phase::accumulation_steps`; more are told. Throws as
/// `accumulation_that_fits`.
std::int64_t split_to_fit(const PhaseSteps& steps, const Graph& learner, const TrainerOptions& options,
                          Progress& progress);

/// How long an epoch takes, as steps go now; judging an example takes about a third of learning from it.
double epoch_seconds(const PhaseSteps& steps, Trainer& trainer, Progress& progress);

/// What the learning rate finder comes to.
FoundRate find_rate(const PhaseSteps& steps, Trainer& trainer, Progress& progress);

}  // namespace enxerto
