#include <algorithm>
#include <numeric>

#include "enxerto/training/batch_prefetch.h"
#include "enxerto/training/check_examples.h"
#include "enxerto/training/training_loop.h"

namespace enxerto {

void renew_statistics(Trainer& trainer, BatchSource& training, std::int64_t batch_size, Progress& progress) {
  if (batch_size == 0) batch_size = std::min(kUsualBatch, static_cast<std::int64_t>(training.size()));
  check_batch_size(batch_size, training.size(), "batch_norm");
  std::vector<std::size_t> numbers(training.size());
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  std::vector<MicroBatches> order = plain_batches(numbers, batch_size);
  // A single example has no variance of its own to tell of.
  if (order.size() > 1 && order.back().front().size() == 1) order.pop_back();
  BatchPrefetch batches(training, std::move(order), 0);
  progress.begin("statistics", batches.batches().size());
  for (std::size_t i = 0; i < batches.batches().size(); ++i) {
    throw_if_cancelled(progress);
    trainer.absorb_statistics(batches.next().front().inputs);
    progress.advance(1);
  }
  progress.end();
}

}  // namespace enxerto
