#pragma once
#include <cstddef>
#include <vector>

#include "enxerto/metrics/interval.h"
#include "enxerto/metrics/metric.h"

namespace enxerto {

/// "balanced_accuracy": the mean over the classes that have examples of the share that is recognised (Brodersen et al.
/// 2010), with the 95 % interval of `mean_of_shares`; its baseline is that of predicting one class always. People are
/// shown it where the classes are of unequal size: the largest has more than 1.5 times its even share.
class BalancedAccuracy final : public Metric {
 public:
  explicit BalancedAccuracy(std::size_t classes) : classes_(classes) {}

  /// Of the probabilities (N, classes).
  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override { classes_.assign(classes_.size(), {}); }

 private:
  std::vector<Proportion> classes_;  // recognised, of those that are there
};

/// True where the largest of the counts that are not 0 is more than 1.5 times their mean.
bool imbalanced(std::span<const std::size_t> counts);

}  // namespace enxerto
