#pragma once
#include <cstddef>
#include <vector>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// How often each true class was taken for each class.
class ConfusionMatrix {
 public:
  /// Throws Error{data} for more than 46,340 classes (2^31 cells).
  explicit ConfusionMatrix(std::size_t classes);

  /// `scores` is (N, classes), `labels` is (N) of int64. Throws Error{data} where the sizes differ.
  void update(const Tensor& scores, const Tensor& labels);

  /// Counts one of class `truth` that was taken for `predicted`, both below `classes`.
  void add(std::size_t truth, std::size_t predicted) { ++cells_[truth * classes_ + predicted]; }

  /// Row: true class; column: predicted class.
  std::vector<std::vector<std::size_t>> value() const;

  std::size_t classes() const { return classes_; }
  std::size_t at(std::size_t truth, std::size_t predicted) const { return cells_[truth * classes_ + predicted]; }

  void reset();

 private:
  std::size_t classes_;
  std::vector<std::size_t> cells_;
};

}  // namespace enxerto
