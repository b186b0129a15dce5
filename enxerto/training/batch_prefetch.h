#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "enxerto/engine/trainer.h"
#include "enxerto/training/batch_source.h"
#include "enxerto/training/epoch_batches.h"

namespace enxerto {

/// Batches in a given order, of which up to two are prepared ahead by a thread of its own; with a source that is quick,
/// and where there is one batch, each is made when it is asked for.
class BatchPrefetch {
 public:
  /// Begins with batch number `first`. `source` must outlive this.
  BatchPrefetch(BatchSource& source, std::vector<MicroBatches> batches, std::uint64_t epoch, std::size_t first = 0);
  ~BatchPrefetch();
  BatchPrefetch(const BatchPrefetch&) = delete;
  BatchPrefetch& operator=(const BatchPrefetch&) = delete;

  const std::vector<MicroBatches>& batches() const;

  /// The next batch; after the last one there is none to ask for. Throws what the source threw.
  std::vector<TrainBatch> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace enxerto
