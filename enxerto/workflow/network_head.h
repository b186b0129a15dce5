#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "enxerto/data/dataset.h"
#include "enxerto/heads/head.h"
#include "enxerto/heads/loss.h"
#include "enxerto/tasks/target_scaling.h"
#include "enxerto/tasks/task.h"
#include "enxerto/transfer/targets.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// What is grown on the backbone and what it learns by: the recipe's head and loss with all that it leaves open decided
/// by the task.
struct HeadPlan {
  const Task* task = nullptr;
  HeadSpec head;
  LossSpec loss;
  TargetScaling scaling;  ///< of a regression; else empty

  /// One dense layer with softmax or one sigmoid on pooled features: it can be solved exactly.
  bool is_linear() const;

  /// "avg, 256 relu, dropout 0.5, softmax".
  std::string summary() const;
};

/// `training`: positions of the examples to learn from, whose classes' frequencies and values' spread count. Throws
/// Error{usage} where head, loss, phases and task do not go together: softmax for several labels, a mixture of class
/// numbers ..
HeadPlan plan_head(const Recipe& recipe, const Dataset& dataset, std::span<const std::size_t> training);

/// Targets of the examples at these positions as the plan's loss wants them.
Targets targets_for(const HeadPlan& plan, const Dataset& dataset, std::span<const std::size_t> positions);

}  // namespace enxerto
