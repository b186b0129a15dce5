#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace enxerto {

/// The numbers of the examples of each piece of one batch.
using MicroBatches = std::vector<std::vector<std::size_t>>;

/// What a batch may hold.
struct BatchLimits {
  std::int64_t examples = 0;  ///< 0: any number
  std::int64_t tokens = 0;    ///< of the longest example times the number of examples (fairseq's max_tokens)
  bool no_singles = false;    ///< not one alone, as far as there are two
};

struct EpochBatchesOptions {
  std::size_t examples = 0;
  std::int64_t batch_size = 32, accumulation_steps = 1;
  std::int64_t batch_tokens = 0;  ///< above 0: `BatchLimits::tokens`, `lengths` are tokens, and a `batch_size` of 0
                                  ///< limits nothing
  std::int64_t most_steps = 0;    ///< of an epoch, which then leaves out what comes behind them; 0: any number
  bool no_singles = false;        ///< no batch and no piece of one example, as far as there are two
  std::uint64_t seed = 0;
  std::vector<std::size_t> lengths = {};  ///< of each example, where they vary: batches are then of like lengths
  /// Of each example the one that it goes on from, or any number that there is not; not empty: batches are streams.
  std::vector<std::size_t> before = {};
  /// Number of each example's identity; not empty: batches have `kAlikeTogether` of each of theirs, as far as there
  /// are.
  std::vector<std::int64_t> alike = {};
};

/// Examples of an identity that lie side by side in a batch, where what is learned from are pairs of them.
inline constexpr std::size_t kAlikeTogether = 4;

/// Steps of an epoch.
std::int64_t steps_per_epoch(const EpochBatchesOptions& options);

/// All examples once, in an order drawn from (seed, epoch), the last batch smaller, or the first `most_steps` batches.
/// With lengths the examples of some 50 batches at a time are sorted by them, so that little is filled up, and the
/// order of the batches is drawn. By tokens all examples are sorted, those of one length in an order that is drawn, so
/// that each epoch has as many batches. As streams (Merity et al. 2017): chains of examples that go on from one
/// another, in an order that is drawn, are laid end to end and cut into as many equal parts as a batch has examples, so
/// that an example stands in the same place of the next batch as the one before it.
std::vector<MicroBatches> epoch_batches(const EpochBatchesOptions& options, std::uint64_t epoch);

/// Of each example of a batch 1 where it goes on from the one in the same place of `last`.
std::vector<std::uint8_t> continuing(const MicroBatches& batch, const MicroBatches& last,
                                     const std::vector<std::size_t>& before);

/// These examples in their order: batches of one micro-batch.
std::vector<MicroBatches> plain_batches(const std::vector<std::size_t>& examples, std::int64_t batch_size);

/// The same by tokens: `examples` in the order of falling `lengths`. One that is longer than all tokens of a batch is a
/// batch of its own.
std::vector<MicroBatches> token_batches(const std::vector<std::size_t>& examples,
                                        const std::vector<std::size_t>& lengths, const BatchLimits& limits);

}  // namespace enxerto
