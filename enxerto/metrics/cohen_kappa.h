#pragma once
#include <cstddef>
#include <vector>

#include "enxerto/metrics/metric.h"

namespace enxerto {

/// "cohen_kappa": agreement of the predicted and the true class beyond what their frequencies alone would give (Cohen
/// 1960), from -1 to 1; unweighted, as scikit-learn's. NaN before the first example, and where all examples are of one
/// class and were taken for it.
class CohenKappa final : public Metric {
 public:
  explicit CohenKappa(std::size_t classes) : there_(classes), said_(classes) {}

  /// Of the probabilities (N, classes).
  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override { *this = CohenKappa(there_.size()); }

 private:
  std::vector<double> there_, said_;  // examples by true and by predicted class: the margins of the confusion matrix
  double right_ = 0, seen_ = 0;
};

}  // namespace enxerto
