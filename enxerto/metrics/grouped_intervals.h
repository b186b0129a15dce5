#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "enxerto/metrics/metric.h"
#include "enxerto/metrics/metric_set.h"

namespace enxerto {

/// Keeps what metrics saw, to find their intervals again where examples belong together: several of one patient
/// say less than as many of others. Whole groups are drawn anew (the bootstrap over clusters, Davison and
/// Hinkley 1997, 3.8). A share gets the interval of Wilson of as many examples as have the variance of the draws (Kish
/// 1965), other figures their middle 95 %; both are widened by Student's quantile as for so few groups (Cameron,
/// Gelbach and Miller 2008). A share that is the same in all draws is that of as many examples as groups.
class GroupedIntervals {
 public:
  /// A batch of examples, as the metrics got it. Of outputs that are large, or not of one shape, nothing is kept.
  void add(const TensorMap& outputs, const TensorMap& targets);

  /// From now on nothing is kept, as of outputs that are large.
  void keep_nothing();

  /// Replaces the intervals of `report`, which `metrics` made of all that was added. `groups` has the group of each
  /// example, in the order in which they were added; "" stands alone. Unchanged where none has two examples, where
  /// there are fewer groups than an interval needs (`kLeastForInterval`), or where nothing could be kept: false then,
  /// as the intervals are too narrow.
  bool replace(MetricsReport& report, std::span<const std::string> groups,
               const std::function<std::vector<std::unique_ptr<Metric>>()>& metrics) const;

 private:
  std::vector<TensorMap> outputs_, targets_;
  std::size_t bytes_ = 0;
  bool keeps_ = true;
};

}  // namespace enxerto
