#pragma once
#include <cstddef>

#include "enxerto/base/tensor.h"
#include "enxerto/metrics/interval.h"

namespace enxerto {

/// Share of examples whose true class is among the k highest scores; of equal scores the first class is the higher.
class TopKAccuracy {
 public:
  explicit TopKAccuracy(std::size_t k) : k_(k) {}

  /// `scores` is (N, classes), `labels` is (N) of int64. Throws Error{data} where the sizes differ.
  void update(const Tensor& scores, const Tensor& labels);

  /// Between 0 and 1; NaN before the first update.
  double value() const;

  /// 95 % Wilson score interval of `value()`.
  Interval interval() const;

  void reset();

 private:
  std::size_t k_, right_ = 0, seen_ = 0;
};

}  // namespace enxerto
