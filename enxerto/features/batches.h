#pragma once
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>

#include "enxerto/features/extract.h"

namespace enxerto {

/// The shape of one row: the output of the prefix without the batch, or (3, size, size) where there is none. Throws
/// Error{weights} where that is not one float32 output of a fixed size.
Shape feature_row_shape(const FeatureSource& source);
RowLayout feature_layout(const FeatureSource& source);

/// The prefix as a function of batches of one size; compiled on first use.
class BatchPrefix {
 public:
  BatchPrefix(const FeatureSource& source, int threads, int batch);

  int batch() const { return batch_; }
  const Shape& row_shape() const { return layout_.values[0].shape; }
  const RowLayout& layout() const { return layout_; }
  std::size_t input_width() const { return input_width_; }

  /// `inputs` is (batch, 3, size, size), of which the first `count` pictures matter: always the whole batch is run, so
  /// that a picture's row does not depend on how many came with it. Returns `count` rows, kept alive by `keep`. Safe
  /// from many threads.
  std::span<const float> run(const std::shared_ptr<const float[]>& inputs, std::size_t count, Tensor& keep);

 private:
  Executor& executor();

  const FeatureSource& source_;
  int threads_, batch_;
  std::size_t input_width_;
  RowLayout layout_;
  std::once_flag compiled_;
  std::shared_ptr<Executor> executor_;
};

}  // namespace enxerto
