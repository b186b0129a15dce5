#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/engine/executor.h"
#include "enxerto/pretrained/recurrent/scored_words.h"

namespace enxerto {

/// Reads texts by a network that looks at their last tokens all at once: nothing is kept but the tokens.
class WindowReader {
 public:
  /// Throws as `compile`.
  WindowReader(const WindowNetwork& network, const ExecutorOptions& options);

  void begin() { rows_.clear(); }

  /// As `Decoder::read`.
  Tensor read(std::span<const std::int64_t> tokens, std::span<const std::int32_t> from);

 private:
  std::shared_ptr<Executor> network_;
  std::int64_t window_, filler_;
  std::vector<std::vector<std::int64_t>> rows_;  // the last tokens of each, at most a window
};

}  // namespace enxerto
