#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "enxerto/base/tensor_map.h"
#include "enxerto/engine/executor.h"
#include "enxerto/engine/stateful_executor.h"
#include "enxerto/generation/translation_parts.h"

namespace enxerto {

/// Reads sources, and says word by word what may come next in their translations.
class TranslationDecoder {
 public:
  /// Throws as `compile` and `compile_stateful`.
  TranslationDecoder(const TranslationParts& parts, const ExecutorOptions& options);

  std::int64_t words() const { return words_; }

  /// Bytes that are kept of `rows` targets of `words` words each, whose sources have `source_tokens`: what was read of
  /// the source, which each row has for itself, the states, and the scores of a step.
  std::uint64_t bytes_kept(std::int64_t words, std::int64_t source_tokens, std::int64_t rows) const;

  /// New sources: "input_ids" and "attention_mask", (sources, tokens).
  void begin(const TensorMap& sources);

  /// The next word of each row, of source `source[row]`, behind what row `from[row]` of the call before had; at the
  /// first call rows are numbered from 0. Returns (rows, words) numbers before the softmax.
  Tensor step(std::span<const std::int64_t> words, std::span<const std::int32_t> from,
              std::span<const std::int32_t> source);

 private:
  std::shared_ptr<Executor> memory_;
  std::shared_ptr<StatefulExecutor> step_;
  std::unique_ptr<StatefulExecutor::Sequence> sequence_;
  std::int64_t bytes_per_word_, bytes_at_once_, bytes_per_source_token_ = 0;  // that are kept of a row
  std::int64_t words_, length_ = 0;
  TensorMap sources_, rows_;  // what was read of each source, and of the source of each row
  std::vector<std::int32_t> row_sources_;
};

}  // namespace enxerto
