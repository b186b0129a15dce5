#pragma once
#include <cstddef>

#include "enxerto/base/tensor.h"
#include "enxerto/metrics/interval.h"

namespace enxerto {

/// Share of examples whose highest score is at the true class.
class Accuracy {
 public:
  /// `scores` is (N, classes), `labels` is (N) of int64. Throws Error{data} where the sizes differ.
  void update(const Tensor& scores, const Tensor& labels);

  /// Between 0 and 1; NaN before the first update.
  double value() const;

  /// 95 % Wilson score interval of `value()` (Wilson 1927).
  Interval interval() const;

  void reset();

 private:
  std::size_t right_ = 0, seen_ = 0;
};

}  // namespace enxerto
