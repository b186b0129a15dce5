#pragma once
#include <cstdint>
#include <vector>

#include "enxerto/metrics/metric.h"

namespace enxerto {

/// "roc_auc": the area under the receiver operating characteristic of a classifier of two classes, the second being the
/// positive one, with the 95 % interval of Hanley and McNeil (1982); NaN before both classes were seen. Keeps every
/// score.
class RocAuc final : public Metric {
 public:
  /// Of the probabilities (N, 2).
  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override { *this = {}; }

 private:
  std::vector<float> scores_;
  std::vector<std::uint8_t> truths_;
};

}  // namespace enxerto
