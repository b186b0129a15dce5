#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "enxerto/metrics/metric.h"

namespace enxerto {

/// Metrics that see the same batches and make one report.
class MetricSet {
 public:
  MetricSet() = default;
  explicit MetricSet(std::vector<std::unique_ptr<Metric>> metrics) : metrics_(std::move(metrics)) {}

  /// Keeps these figures only: no other is computed, but for those of the same family, and no other is reported, nor
  /// intervals that take long. Throws Error{usage}, naming the nearest, for one that is not there.
  void keep(std::span<const std::string> figures);

  void update(const TensorMap& outputs, const TensorMap& targets);  ///< throws as `Metric::update`
  MetricsReport report() const;
  void reset();
  void leave_out_intervals();  ///< as `Metric::leave_out_intervals`
  std::string remark() const;  ///< the first there is
  bool empty() const { return metrics_.empty(); }

 private:
  std::vector<std::unique_ptr<Metric>> metrics_;
  std::vector<std::string> kept_;  ///< empty: all
  std::size_t examples_ = 0;
};

}  // namespace enxerto
