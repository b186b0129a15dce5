#pragma once
#include <cstddef>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// Mean of -log(probability of the true class), the cross-entropy in nats. Probabilities are clipped to
/// [e, 1 - e] with e = 2^-23, float32's epsilon, as scikit-learn's `log_loss` does.
class LogLoss {
 public:
  /// `probabilities` is (N, classes), each between 0 and 1, `labels` is (N) of int64. Throws Error{data} where the
  /// sizes differ or a probability is out of range (logits were given).
  void update(const Tensor& probabilities, const Tensor& labels);

  /// NaN before the first update.
  double value() const;

  void reset();

 private:
  double sum_ = 0;
  std::size_t seen_ = 0;
};

}  // namespace enxerto
