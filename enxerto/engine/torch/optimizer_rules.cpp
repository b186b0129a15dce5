#include "enxerto/engine/torch/optimizer_rules.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>

namespace enxerto {
namespace {

void update_sgd(const OptimizerOptions& options, const GroupStep& step) {
  // The first step is none of its own: without dampening a buffer of zeros becomes the gradient.
  at::_fused_sgd_(step.parameters, step.gradients, step.moment1, step.weight_decay, options.momentum, step.rate,
                  /*dampening=*/0, options.nesterov, /*maximize=*/false, /*is_first_step=*/false);
}

using FusedAdam = void (*)(at::TensorList, at::TensorList, at::TensorList, at::TensorList, at::TensorList,
                           at::TensorList, double, double, double, double, double, bool, bool,
                           const std::optional<at::Tensor>&, const std::optional<at::Tensor>&);

/// Adam (Kingma, Ba 2015) and AdamW (Loshchilov, Hutter 2019) differ in LibTorch's kernel only.
template <FusedAdam kernel>
void update_adam(const OptimizerOptions& options, const GroupStep& step) {
  const at::Tensor number = at::full({}, step.step, step.parameters.front().options().dtype(at::kFloat));
  const std::vector<at::Tensor> numbers(step.parameters.size(), number);
  kernel(step.parameters, step.gradients, step.moment1, step.moment2, {}, numbers, step.rate, options.beta1,
         options.beta2, step.weight_decay, options.epsilon, /*amsgrad=*/false, /*maximize=*/false, {}, {});
}

void update_rmsprop(const OptimizerOptions& options, const GroupStep& step) {
  for (std::size_t i = 0; i < step.parameters.size(); ++i) {
    const at::Tensor& parameter = step.parameters[i];
    at::Tensor gradient = step.gradients[i];
    if (step.weight_decay != 0) gradient.add_(parameter, step.weight_decay);
    step.moment2[i].mul_(options.alpha).addcmul_(gradient, gradient, 1 - options.alpha);
    const at::Tensor scale = step.moment2[i].sqrt().add_(options.epsilon);
    if (step.moment1.empty()) {
      parameter.addcdiv_(gradient, scale, -step.rate);
    } else {
      step.moment1[i].mul_(options.momentum).addcdiv_(gradient, scale);
      parameter.add_(step.moment1[i], -step.rate);
    }
  }
}

/// Adagrad (Duchi, Hazan, Singer 2011): the rate does not decay, the sums begin at 0.
void update_adagrad(const OptimizerOptions& options, const GroupStep& step) {
  const std::vector<at::Tensor> numbers(step.parameters.size(),
                                        at::full({}, step.step, step.parameters.front().options().dtype(at::kFloat)));
  at::_fused_adagrad_(step.parameters, step.gradients, step.moment2, numbers, step.rate, /*lr_decay=*/0.0,
                      step.weight_decay, options.epsilon, /*maximize=*/false);
}

struct Rule {
  std::string_view name;
  OptimizerUpdate update;
};

constexpr std::array kRules{
    Rule{"sgd", update_sgd},
    Rule{"adam", update_adam<at::_fused_adam_>},
    Rule{"adamw", update_adam<at::_fused_adamw_>},
    Rule{"rmsprop", update_rmsprop},
    Rule{"adagrad", update_adagrad},
};
static_assert(kRules.size() == kOptimizers.size());

}  // namespace

OptimizerUpdate update_of(std::string_view name) { return std::ranges::find(kRules, name, &Rule::name)->update; }

}  // namespace enxerto
