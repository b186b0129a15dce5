#pragma once
#include <ATen/core/Tensor.h>

#include <string_view>
#include <vector>

#include "enxerto/engine/optimizer_options.h"

namespace enxerto {

/// What one step of one group works on: parallel lists, changed in place. Each gradient and moment lies in memory as
/// its parameter does.
struct GroupStep {
  std::vector<at::Tensor> parameters, gradients;
  std::vector<at::Tensor> moment1;  ///< `Moments::first`; empty where the optimizer keeps none
  std::vector<at::Tensor> moment2;  ///< `Moments::second`; empty where the optimizer keeps none
  double rate = 0;                  ///< of this group
  double weight_decay = 0;
  double step = 1;  ///< number of this step, from 1
};

/// How an optimizer changes parameters.
using OptimizerUpdate = void (*)(const OptimizerOptions& options, const GroupStep& step);

/// The rule of that name, a row of `kOptimizers`. All give the numbers of torch.optim 2.15.
OptimizerUpdate update_of(std::string_view name);

}  // namespace enxerto
