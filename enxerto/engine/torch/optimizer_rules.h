#pragma once
#include <ATen/core/Tensor.h>

#include <string_view>
#include <vector>

#include "enxerto/engine/trainer.h"

namespace enxerto {

/// What one step of one group works on: parallel lists, changed in place. Each gradient and moment lies in memory as
/// its parameter does.
struct GroupStep {
  std::vector<at::Tensor> parameters, gradients;
  std::vector<at::Tensor> moment1;  ///< running mean of the gradients; empty where the rule keeps none
  std::vector<at::Tensor> moment2;  ///< running mean of their squares; empty where the rule keeps none
  double rate = 0;                  ///< of this group
  double weight_decay = 0;
  double step = 1;  ///< number of this step, from 1
};

/// How a kind of optimizer changes parameters.
struct OptimizerRule {
  OptimizerOptions::Kind kind;
  bool (*has_moment1)(const OptimizerOptions& options);
  bool has_moment2;
  void (*update)(const OptimizerOptions& options, const GroupStep& step);
};

/// The row of this kind. All give the numbers of torch.optim 2.15.
const OptimizerRule& rule_of(OptimizerOptions::Kind kind);

}  // namespace enxerto
