#pragma once
#include <cstddef>
#include <span>
#include <string>

#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"
#include "enxerto/engine/executor.h"
#include "enxerto/generation/evaluate_translations.h"
#include "enxerto/graph/graph.h"
#include "enxerto/media/preprocessor.h"

namespace enxerto {

/// What is written for the examples at `positions`, texts and others that were written for them.
struct WrittenRequest {
  const Graph& network;  ///< scores the words of a text that is written; `preprocessor` numbers them
  const Preprocessor& preprocessor;
  const Dataset& dataset;
  std::span<const std::size_t> positions;
  std::size_t most_words = 0;  ///< of a text, times those of the longest that was to be written; 0: as the network says
  ExecutorOptions engine = {};
};

/// The figures of texts that were written, without numbers.
MetricsReport unwritten();

/// What `suspected_swap` says of these examples. Throws as `Translator`.
std::string suspected_swap(const WrittenRequest& request, Progress& progress);

/// Writes them as the network is used, and compares. Throws as `Translator`. Says what was cut off, did not end, or is
/// more like the sources than like the references.
TranslationEvaluation written_figures(const WrittenRequest& request, Progress& progress);

}  // namespace enxerto
