#include "enxerto/engine/torch/optimizer.h"

#include <ATen/ATen.h>

#include <utility>

#include "enxerto/engine/torch/gradient_norm.h"

namespace enxerto {
namespace {

std::vector<at::Tensor> zeros_like(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> zeros;
  zeros.reserve(tensors.size());
  for (const at::Tensor& tensor : tensors) zeros.push_back(at::zeros_like(tensor.detach()));
  return zeros;
}

/// Strides of dimensions of size 1 say nothing about where elements lie.
bool lie_alike(const at::Tensor& a, const at::Tensor& b) {
  for (std::int64_t d = 0; d < a.dim(); ++d)
    if (a.size(d) > 1 && a.stride(d) != b.stride(d)) return false;
  return true;
}

/// Fused kernels walk through memory, whatever the strides say.
at::Tensor laid_out_as(const at::Tensor& parameter, const at::Tensor& gradient) {
  return lie_alike(parameter, gradient) ? gradient : at::empty_like(parameter.detach()).copy_(gradient);
}

void add_moments(TrainingState& state, const std::string& moment, const std::vector<std::string>& names,
                 const std::vector<at::Tensor>& moments) {
  for (std::size_t i = 0; i < moments.size(); ++i) state.add(moment + "/" + names[i], moments[i]);
}

}  // namespace

Optimizer::Optimizer(const OptimizerOptions& options, std::vector<LearningGroup> groups)
    : options_(options), update_(update_of(options.kind)) {
  const OptimizerRow& row = *find_optimizer(options.kind);
  if (options_.epsilon == 0) options_.epsilon = row.epsilon;
  const Moments moments = row.moments(options);
  for (LearningGroup& group : groups) {
    Remembered remembered{.group = std::move(group), .moment1 = {}, .moment2 = {}};
    if (moments.first) remembered.moment1 = zeros_like(remembered.group.parameters);
    if (moments.second) remembered.moment2 = zeros_like(remembered.group.parameters);
    groups_.push_back(std::move(remembered));
  }
}

void Optimizer::step(std::int64_t number, double learning_rate) {
  for (const Remembered& remembered : groups_) {
    const LearningGroup& group = remembered.group;
    GroupStep step;
    step.rate = learning_rate * group.rate_scale;
    step.weight_decay = group.weight_decay;
    step.step = static_cast<double>(number);
    for (std::size_t i = 0; i < group.parameters.size(); ++i) {
      const at::Tensor& gradient = group.parameters[i].grad();
      if (!gradient.defined()) continue;
      step.parameters.push_back(group.parameters[i]);
      step.gradients.push_back(laid_out_as(group.parameters[i], gradient));
      if (!remembered.moment1.empty()) step.moment1.push_back(remembered.moment1[i]);
      if (!remembered.moment2.empty()) step.moment2.push_back(remembered.moment2[i]);
    }
    if (!step.parameters.empty()) update_(options_, step);
  }
}

void Optimizer::clip(double length, double limit) {
  const double factor = limit / (length + 1e-6);
  if (factor < 1) at::_foreach_mul_(gradients(), factor);
}

double Optimizer::gradient_norm() const { return enxerto::gradient_norm(gradients()); }

void Optimizer::clear_gradients() {
  for (const Remembered& remembered : groups_)
    for (const at::Tensor& parameter : remembered.group.parameters) parameter.mutable_grad().reset();
}

void Optimizer::add_state(TrainingState& state) const {
  for (const Remembered& remembered : groups_) {
    add_moments(state, "moment1", remembered.group.names, remembered.moment1);
    add_moments(state, "moment2", remembered.group.names, remembered.moment2);
  }
}

std::vector<at::Tensor> Optimizer::gradients() const {
  std::vector<at::Tensor> gradients;
  for (const Remembered& remembered : groups_)
    for (const at::Tensor& parameter : remembered.group.parameters)
      if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  return gradients;
}

}  // namespace enxerto
