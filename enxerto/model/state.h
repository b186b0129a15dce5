#pragma once
#include <optional>

#include "enxerto/model/batch_runner.h"
#include "enxerto/model/model.h"

namespace enxerto {

/// What the copies of a model share: the network, whole or in two halves of different precision.
struct Model::State {
  State(Bundle saved, const ModelOptions& options);

  TensorMap run(const TensorMap& batch);        ///< any number of examples
  TensorMap run_batch(const TensorMap& batch);  ///< at most `first.batch()`, with a worker a thread

  Bundle bundle;
  const Task& task;
  std::optional<BatchRunner> first, second;
};

}  // namespace enxerto
