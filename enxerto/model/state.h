#pragma once
#include <optional>
#include <string_view>

#include "enxerto/base/tensor_map.h"
#include "enxerto/bundle/bundle.h"
#include "enxerto/model/batch_runner.h"
#include "enxerto/model/model.h"
#include "enxerto/model/task_of.h"
#include "enxerto/tasks/task.h"

namespace enxerto {

/// What the copies of a model share: the network, whole or in two halves of different precision.
struct Model::State {
  State(Bundle saved, const ModelOptions& options, std::string_view where);

  TensorMap run(const TensorMap& batch);        ///< any number of examples
  TensorMap run_batch(const TensorMap& batch);  ///< at most `first.batch()`, with a worker a thread

  Bundle bundle;
  TaskPtr task;
  std::optional<BatchRunner> first, second;
};

}  // namespace enxerto
