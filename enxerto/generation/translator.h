#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/engine/executor.h"
#include "enxerto/generation/options.h"
#include "enxerto/generation/translation_decoder.h"
#include "enxerto/pretrained/translation/translation_network.h"

namespace enxerto {

/// A text in the other language.
struct Translation {
  std::string text;
  std::vector<std::int64_t> tokens = {};  ///< without the one that ends it
  double score = 0;                       ///< with beams: log-probability over length ^ length_penalty
  std::size_t source_tokens = 0;          ///< that were read, the end among them
  std::size_t cut = 0;                    ///< tokens of the source that were too many, and not read
  std::size_t unknown = 0;                ///< pieces of the source that the network has no word for
  bool ended = true;                      ///< false: it was as long as was allowed
};

/// Writes texts in another language: sources are read once, in batches of like length, then all targets word by word
/// side by side.
class Translator {
 public:
  /// `memory`: bytes that may be kept of texts; none: what is available when they are translated. Throws as `compile`
  /// and `compile_stateful`.
  explicit Translator(TranslationNetwork network, const ExecutorOptions& options = {},
                      std::optional<std::uint64_t> memory = {});

  const TranslationNetwork& network() const { return network_; }

  /// One for each text, in their order: greedily, or with beams as transformers' `generate` searches. An empty text
  /// has an empty translation. As many are written side by side as memory suffices for. Throws Error{usage} for options
  /// that have no effect here and more beams than words, Error{memory} naming the bytes where it does not suffice for
  /// one, Error{data} naming `where` and the number of a text that is none, and Error{interrupted}.
  std::vector<Translation> translate(std::span<const std::string> texts, const GenerationOptions& options,
                                     std::string_view where, Progress& progress = no_progress());

 private:
  TranslationNetwork network_;
  TranslationDecoder decoder_;
  std::optional<std::uint64_t> memory_;
};

}  // namespace enxerto
