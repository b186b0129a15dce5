#pragma once
#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "enxerto/engine/torch/training_state.h"

namespace enxerto {

/// Exponential moving average of tensors, which begins with their first values (timm's ModelEma; `AveragedModel` of
/// PyTorch begins with those after the first step): average = decay * average + (1 - decay) * value.
class MovingAverage {
 public:
  /// `live` are the tensors that are followed; they are changed in place by others.
  MovingAverage(std::vector<std::string> names, std::vector<at::Tensor> live, double decay);

  /// Takes a step of the live tensors in.
  void update();

  /// Lets the averages of these names begin again with the present values.
  void begin_again(const StateDict& changed);

  const std::vector<std::string>& names() const { return names_; }
  const std::vector<at::Tensor>& averages() const { return averages_; }

  /// Adds all, as "average/<name>".
  void add_state(TrainingState& state) const;

 private:
  std::vector<std::string> names_;
  std::vector<at::Tensor> live_, averages_;
  double decay_;
};

}  // namespace enxerto
