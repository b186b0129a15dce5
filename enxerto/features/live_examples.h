#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "enxerto/base/input_spec.h"
#include "enxerto/base/tensor_map.h"
#include "enxerto/data/dataset.h"
#include "enxerto/features/batches.h"
#include "enxerto/features/extract.h"

namespace enxerto {

/// Batches of examples as they are asked for: read, augmented and preprocessed on all threads, and run through the
/// frozen part of a network where there is one. Nothing is kept, so each epoch sees examples of its own.
class LiveExamples {
 public:
  /// `dataset` must live as long. `source.view` is not looked at; without a prefix the examples are given as they are
  /// preprocessed. `threads` 0: `usable_cores()`; `padding`: of what varies. Throws Error{usage} for an augmentation
  /// that the preprocessor does not have or that is out of its range, Error{weights} as `feature_layout`.
  LiveExamples(const Dataset& dataset, FeatureSource source, int threads, PadOptions padding = {});
  LiveExamples(const LiveExamples&) = delete;
  LiveExamples& operator=(const LiveExamples&) = delete;

  /// What `values` names, each (positions, ..), in the order of `positions`. `augmented`: each example changed by
  /// RandomKey{seed, epoch, `low` of its content hash}, the same whatever the number of threads, the batch and the
  /// other examples, and equal to `FeatureSource::view` of that number. For one caller at a time. Throws Error{data}
  /// naming an example that cannot be read.
  TensorMap get(std::span<const std::size_t> positions, std::uint64_t epoch, bool augmented);

  /// The same as records, in the order of `positions`: the values of each, as long as the example is.
  std::vector<std::vector<Tensor>> records(std::span<const std::size_t> positions, std::uint64_t epoch, bool augmented);

  /// How long each becomes, as the preprocessor writes it: the longest dimension that varies, filled up as in a batch;
  /// 0 where none does. Reads all of them, on all threads.
  std::vector<std::size_t> lengths(std::span<const std::size_t> positions) const;

  /// What each example becomes.
  const RowLayout& layout() const { return prefix_.values().layout(); }
  std::span<const InputSpec> values() const { return layout().values; }

 private:
  struct Request;
  template <typename Use>
  void read(std::size_t position, const Request& request, const Use& use) const;
  TensorMap preprocessed(const Request& request) const;
  std::vector<std::vector<Tensor>> records_of_inputs(const Request& request) const;
  std::vector<std::vector<Tensor>> records_of_prefix(const Request& request);
  void through_prefix(const Request& request, std::size_t begin, std::size_t end, std::span<std::vector<Tensor>> rows);

  const Dataset& dataset_;
  FeatureSource source_;
  int threads_;
  PadOptions padding_;
  bool changes_;
  BatchPrefix prefix_;
};

}  // namespace enxerto
