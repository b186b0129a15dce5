#include "enxerto/engine/torch/moving_average.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <utility>

namespace enxerto {

MovingAverage::MovingAverage(std::vector<std::string> names, std::vector<at::Tensor> live, double decay)
    : names_(std::move(names)), live_(std::move(live)), decay_(decay) {
  for (const at::Tensor& tensor : live_) averages_.push_back(tensor.detach().clone());
}

void MovingAverage::update() { at::_foreach_lerp_(averages_, live_, 1 - decay_); }

void MovingAverage::begin_again(const StateDict& changed) {
  const at::NoGradGuard no_gradients;
  for (std::size_t i = 0; i < names_.size(); ++i)
    if (changed.contains(names_[i])) averages_[i].copy_(live_[i]);
}

void MovingAverage::add_state(TrainingState& state) const {
  for (std::size_t i = 0; i < names_.size(); ++i) state.add("average/" + names_[i], averages_[i]);
}

}  // namespace enxerto
