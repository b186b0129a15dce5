#pragma once
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>

#include "enxerto/features/extract.h"
#include "enxerto/media/batch_inputs.h"

namespace enxerto {

/// The shape of one row: the output of the prefix without the batch, or the preprocessor's only input where there is no
/// prefix. Throws Error{weights} where that is not one float32 value of a fixed size, and for an input of the prefix
/// that the preprocessor does not give.
Shape feature_row_shape(const FeatureSource& source);

/// Examples whose inputs take about `bytes`, 1 to `most`.
std::size_t examples_in(std::size_t bytes, std::span<const InputSpec> inputs, std::size_t most);

/// The prefix as a function of batches of one size; compiled on first use.
class BatchPrefix {
 public:
  BatchPrefix(const FeatureSource& source, int threads, int batch);

  std::size_t batch() const { return batch_; }
  const Shape& row_shape() const { return row_shape_; }

  /// Room for the inputs of a call of `run`.
  BatchInputs inputs() const { return {source_.preprocessor->inputs(), batch_}; }

  /// Of the batch that `inputs` has room for the first `count` examples: always the whole batch is run, so that an
  /// example's row does not depend on how many came with it. Returns `count` rows, kept alive by `keep`. Safe from many
  /// threads.
  std::span<const float> run(BatchInputs& inputs, std::size_t count, Tensor& keep);

 private:
  Executor& executor();

  const FeatureSource& source_;
  int threads_;
  std::size_t batch_;
  Shape row_shape_;
  std::once_flag compiled_;
  std::shared_ptr<Executor> executor_;
};

}  // namespace enxerto
