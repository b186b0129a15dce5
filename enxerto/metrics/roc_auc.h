#pragma once
#include <cstdint>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/metrics/interval.h"

namespace enxerto {

/// Area under the receiver operating characteristic of a classifier of two classes, the second being the positive one.
/// Keeps every score.
class RocAuc {
 public:
  /// `scores` is (N, 2), `labels` is (N) of int64. Throws Error{data} where the sizes differ.
  void update(const Tensor& scores, const Tensor& labels);

  /// With the 95 % interval of Hanley and McNeil (1982); NaN before both classes were seen.
  Estimate value() const;

  void reset();

 private:
  std::vector<float> scores_;
  std::vector<std::uint8_t> truths_;
};

}  // namespace enxerto
