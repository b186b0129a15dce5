#pragma once
#include <cstddef>

#include "enxerto/metrics/metric.h"

namespace enxerto {

/// "top5" for a k of 5, with its 95 % Wilson score interval: the share of examples whose true class is among the k
/// highest scores; of equal ones the first class is the higher.
class TopKAccuracy final : public Metric {
 public:
  explicit TopKAccuracy(std::size_t k) : k_(k) {}

  /// Of the probabilities (N, classes).
  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override { right_ = seen_ = 0; }

 private:
  std::size_t k_, right_ = 0, seen_ = 0;
};

}  // namespace enxerto
