#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <vector>

#include "enxerto/features/batches.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// Examples on their way through a prefix, for one thread. Those whose lengths fall into the same buckets make a batch:
/// so a row depends on its example alone, not on which others came with it.
class PrefixBatches {
 public:
  /// A batch that was run.
  struct Batch {
    TensorMap outputs;                  ///< of the whole batch, of which only the first `examples.size()` rows count
    std::vector<std::size_t> examples;  ///< as they were numbered
    std::vector<SymbolSizes> lengths;   ///< of each, for `RowValues::of`
  };

  /// `prefix` must outlive it; `done` is called by `add` and `finish`.
  PrefixBatches(BatchPrefix& prefix, std::function<void(const Batch&)> done);

  /// Preprocesses an example, and runs its batch where that is full now. Throws as `Preprocessor::encode`, and then the
  /// example is not in.
  void add(std::size_t example, std::span<const Field> fields, const View& view);

  /// Runs what waits.
  void finish();

  /// Number of examples that wait for others.
  std::size_t waiting() const { return waiting_; }

 private:
  struct Group {
    explicit Group(BatchInputs room) : inputs(std::move(room)) {}
    BatchInputs inputs;  // reused: the engine is done with a batch when its call returns
    Batch batch = {};
  };
  Group& group_of(const std::vector<std::int64_t>& buckets);
  void added(Group& group, std::size_t example, std::span<const Shape> shapes);
  void run(Group& group);

  BatchPrefix& prefix_;
  std::function<void(const Batch&)> done_;
  bool fixed_;
  std::map<std::vector<std::int64_t>, Group> groups_;  // of inputs that are fixed there is one
  std::size_t waiting_ = 0;
};

}  // namespace enxerto
