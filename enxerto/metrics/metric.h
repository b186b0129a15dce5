#pragma once
#include <string>
#include <string_view>

#include "enxerto/base/tensor_map.h"
#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// What metrics read: outputs by the names that the network gives them, targets under "target".
inline constexpr std::string_view kLogits = "head.logits";
inline constexpr std::string_view kProbabilities = "probabilities";  ///< or the values
inline constexpr std::string_view kTarget = "target";

/// One figure, or a family of figures that one pass computes; a task lists its own.
class Metric {
 public:
  virtual ~Metric() = default;

  /// Counts a batch. Throws Error{data} for outputs and targets that do not fit or are out of range, Error{weights} for
  /// an output that is not there; nothing of the batch is counted then.
  virtual void update(const TensorMap& outputs, const TensorMap& targets) = 0;

  /// Adds what was measured since the last reset. Names and directions are there before the first update too.
  virtual void report(MetricsReport& report) const = 0;

  virtual void reset() = 0;

  /// From now on no interval is looked at: what takes long to find need not be found.
  virtual void leave_out_intervals() {}

  /// What is wrong with what was measured and a figure alone does not say, a sentence; "": nothing.
  virtual std::string remark() const { return {}; }
};

}  // namespace enxerto
