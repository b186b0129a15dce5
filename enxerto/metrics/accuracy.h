#pragma once
#include <cstddef>

#include "enxerto/metrics/metric.h"

namespace enxerto {

/// "accuracy", with its 95 % Wilson score interval (Wilson 1927): the share of examples whose highest score, the first
/// of equal ones, is at the true class.
class Accuracy final : public Metric {
 public:
  /// Of the logits where they are there, (N, classes) or one sigmoid unit (N, 1), which says class 1 above 0; else of
  /// the probabilities (N, classes). Targets as `class_numbers` takes them.
  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override { right_ = seen_ = 0; }

 private:
  std::size_t right_ = 0, seen_ = 0;
};

}  // namespace enxerto
