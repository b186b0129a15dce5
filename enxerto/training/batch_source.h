#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/engine/trainer.h"

namespace enxerto {

/// The examples of one part of the data, as what the trained part of the network is fed with: frozen features from the
/// cache, or examples as they are. Safe from several threads.
class BatchSource {
 public:
  virtual ~BatchSource() = default;

  /// Number of examples.
  virtual std::size_t size() const = 0;

  /// A batch of the examples with these numbers: the values that cross the cut and the targets, by name. What is drawn
  /// at random (view, augmentation, mixup) depends on (seed, epoch, example) only. Throws Error{data} naming a file.
  virtual TrainBatch get(std::span<const std::size_t> examples, std::uint64_t epoch) = 0;

  /// The same without mixtures of examples: what the figures of training examples are measured on.
  virtual TrainBatch unmixed(std::span<const std::size_t> examples, std::uint64_t epoch) {
    return get(examples, epoch);
  }

  /// What the user knows example `example` by: its file.
  virtual std::string name(std::size_t example) const = 0;

  /// How long an example is (tokens, frames, bytes: only more and less counts), so that examples of one length come in
  /// one batch; 0 where nothing varies or it is not known.
  virtual std::size_t length(std::size_t /*example*/) const { return 0; }

  /// The same in tokens (frames, samples: what a network counts along), as they are filled up in a batch, of its
  /// longest value; 0 where nothing varies.
  virtual std::size_t tokens(std::size_t /*example*/) const { return 0; }

  /// True where `get` takes microseconds (rows that are copied): it is then called between two steps; otherwise by a
  /// thread of its own beside them.
  virtual bool is_quick() const { return false; }
};

/// The length of each example; empty where none is known.
std::vector<std::size_t> lengths_of(const BatchSource& source);

/// What batches are made by: `tokens_of` where they are limited in tokens, else `lengths_of`.
std::vector<std::size_t> batch_lengths(const BatchSource& source, std::int64_t batch_tokens, std::string_view where);

/// The tokens of each example. Throws Error{usage} naming `where` where none are known.
std::vector<std::size_t> tokens_of(const BatchSource& source, std::string_view where);

}  // namespace enxerto
