#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/engine/stateful_executor.h"
#include "enxerto/generation/window_reader.h"
#include "enxerto/generation/with_cache.h"

namespace enxerto {

/// Reads texts token by token, and says after each what may come next.
class Decoder {
 public:
  /// `network` is a `scoring_network` with its cache. Throws as `compile_stateful`.
  Decoder(CachedNetwork network, const ExecutorOptions& options);

  /// One that looks at its last tokens all at once. Throws as `compile`.
  Decoder(const WindowNetwork& network, const ExecutorOptions& options);

  std::int64_t words() const { return words_; }

  /// New texts: forgets what was read. `blanks` (none, or one a row): so many tokens at the front of a row are no part
  /// of its text, so that texts of different lengths end together; only where `attends`.
  void begin(std::vector<std::int64_t> blanks = {});

  bool attends() const { return attends_; }

  /// Reads `tokens`, (rows, new tokens) row after row, each row behind what row `from[row]` of the call before had
  /// read; at the first call the rows are numbered from 0. Returns (rows, words) numbers before the softmax.
  Tensor read(std::span<const std::int64_t> tokens, std::span<const std::int32_t> from);

  std::int64_t length() const { return length_; }  ///< tokens that each row has read

 private:
  bool attends_;
  std::int64_t words_;
  std::shared_ptr<StatefulExecutor> network_;  // null of a window
  std::unique_ptr<WindowReader> window_;
  std::unique_ptr<StatefulExecutor::Sequence> sequence_;
  std::int64_t length_ = 0;
  std::vector<std::int64_t> blanks_;
};

}  // namespace enxerto
