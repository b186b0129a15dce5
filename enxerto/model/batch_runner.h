#pragma once
#include <filesystem>
#include <memory>
#include <mutex>

#include "enxerto/base/tensor_map.h"
#include "enxerto/engine/executor.h"
#include "enxerto/graph/graph.h"

namespace enxerto {

/// A network that takes batches of any size: few examples are run one after the other on
/// all threads, many side by side on one thread each, in batches of one size (the last one padded), so that the engine
/// compiles at most twice. Compiled on first use; safe to use from many threads.
class BatchRunner {
 public:
  struct Options {
    int threads = 0;  ///< 0: `usable_cores()`
    Precision precision = Precision::fp32;
    std::size_t batch = 4;  ///< examples a call when there are many
    std::filesystem::path kept_in = {};
  };
  BatchRunner(Graph graph, const Options& options);

  int threads() const { return threads_; }
  std::size_t batch() const { return options_.batch; }

  /// Inputs by name, each (n, ..), to outputs by name, each (n, ..), for any n; inputs that the network has not are not
  /// looked at. Throws Error{data} for one that is missing or of another shape than the network's.
  TensorMap run(const TensorMap& inputs);

  /// At most `batch()` examples, for a caller that has `threads()` workers of its own at it.
  TensorMap run_batch(const TensorMap& inputs);

 private:
  std::size_t rows_of(const TensorMap& inputs) const;
  Executor& one_by_one();
  Executor& side_by_side();

  const Graph graph_;
  const Options options_;
  const int threads_;
  std::mutex mutex_;
  std::shared_ptr<Executor> one_by_one_, side_by_side_;
};

}  // namespace enxerto
