#pragma once
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>

#include "enxerto/base/padding.h"
#include "enxerto/features/extract.h"
#include "enxerto/features/row_values.h"
#include "enxerto/media/batch_inputs.h"

namespace enxerto {

/// Lengths that a prefix is run with.
inline constexpr PadOptions kPrefixBuckets{.buckets = PadOptions::Buckets::eighths};

/// Examples whose inputs take about `bytes`, 1 to `most`.
std::size_t examples_in(std::size_t bytes, std::span<const InputSpec> inputs, std::size_t most);

/// The prefix as a function of batches of one number of examples; compiled on first use.
class BatchPrefix {
 public:
  /// Throws as `feature_layout`.
  BatchPrefix(const FeatureSource& source, int threads, int batch, std::shared_ptr<CompiledPrefixes> compiled = {});

  std::size_t batch() const { return batch_; }
  const RowValues& values() const { return values_; }
  const Preprocessor& preprocessor() const { return *source_.preprocessor; }

  /// Room for the inputs of a call of `run`.
  BatchInputs inputs() const { return {source_.preprocessor->inputs(), batch_}; }

  /// Of the batch that `inputs` has room for the first `count` examples: always the whole batch is run, so that an
  /// example's row does not depend on how many came with it. Returns the outputs by name, for the whole batch. Safe
  /// from many threads.
  TensorMap run(BatchInputs& inputs, std::size_t count);

 private:
  Executor& executor();
  std::shared_ptr<Executor> compiled() const;

  const FeatureSource& source_;
  int threads_;
  std::size_t batch_;
  RowValues values_;
  std::shared_ptr<CompiledPrefixes> earlier_;
  std::once_flag once_;
  std::shared_ptr<Executor> executor_;
};

}  // namespace enxerto
