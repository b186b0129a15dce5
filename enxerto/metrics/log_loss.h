#pragma once
#include <cstddef>

#include "enxerto/metrics/metric.h"

namespace enxerto {

/// "log_loss": the mean of -log(probability of the true class), the cross-entropy in nats. Probabilities are clipped to
/// [e, 1 - e] with e = 2^-23, float32's epsilon, as scikit-learn's `log_loss` does.
class LogLoss final : public Metric {
 public:
  /// Of the probabilities (N, classes). Throws Error{data} where one is out of range (logits were given).
  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override { *this = {}; }

 private:
  double sum_ = 0;
  std::size_t seen_ = 0;
};

}  // namespace enxerto
