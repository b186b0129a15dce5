#pragma once
#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "enxerto/engine/torch/optimizer_rules.h"
#include "enxerto/engine/torch/training_state.h"
#include "enxerto/engine/trainer.h"

namespace enxerto {

/// Parameters that learn at one rate, with what the optimizer remembers of each.
struct LearningGroup {
  std::vector<std::string> names;
  std::vector<at::Tensor> parameters;  ///< leaves that require a gradient, changed in place
  double rate_scale = 1;
  double weight_decay = 0;
};

/// Changes parameters by their gradients, which it finds in `grad()`; a parameter without one stays as it is.
class Optimizer {
 public:
  /// `options` are checked.
  Optimizer(const OptimizerOptions& options, std::vector<LearningGroup> groups);

  /// Step number `number`, from 1. Gradients may be used as working memory.
  void step(std::int64_t number, double learning_rate);

  /// Scales all gradients down so that they are no longer than `limit` together, as torch.nn.utils.clip_grad_norm_;
  /// `length` is what `gradient_norm` gave.
  void clip(double length, double limit);

  /// Euclidean length of the gradients of all groups together; not finite where one of them is not.
  double gradient_norm() const;

  /// Forgets the gradients.
  void clear_gradients();

  /// Adds all moments, as "moment1/<parameter>" and "moment2/<parameter>".
  void add_state(TrainingState& state) const;

 private:
  struct Remembered {
    LearningGroup group;
    std::vector<at::Tensor> moment1, moment2;  // parallel to the parameters, or empty
  };

  std::vector<at::Tensor> gradients() const;

  OptimizerOptions options_;
  OptimizerUpdate update_;
  std::vector<Remembered> groups_;
};

}  // namespace enxerto
