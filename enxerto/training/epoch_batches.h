#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace enxerto {

/// The numbers of the examples of each piece of one batch.
using MicroBatches = std::vector<std::vector<std::size_t>>;

struct EpochBatchesOptions {
  std::size_t examples = 0;
  std::int64_t batch_size = 32, accumulation_steps = 1;
  bool no_singles = false;  ///< no batch and no piece of one example, as far as there are two
  std::uint64_t seed = 0;
  std::vector<std::size_t> lengths = {};  ///< of each example, where they vary: batches are then of like lengths
};

/// Steps of an epoch.
std::int64_t steps_per_epoch(const EpochBatchesOptions& options);

/// All examples once, in an order drawn from (seed, epoch), the last batch smaller. With lengths the examples of some
/// 50 batches at a time are sorted by them, so that little is filled up, and the order of the batches is drawn.
std::vector<MicroBatches> epoch_batches(const EpochBatchesOptions& options, std::uint64_t epoch);

/// These examples in their order: batches of one micro-batch.
std::vector<MicroBatches> plain_batches(const std::vector<std::size_t>& examples, std::int64_t batch_size);

}  // namespace enxerto
