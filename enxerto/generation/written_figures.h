#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"
#include "enxerto/engine/executor.h"
#include "enxerto/graph/graph.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// What is written for the examples at `positions`: what is read, and texts that were written for it.
struct WrittenRequest {
  const Graph& network;  ///< scores the words of a text that is written; `preprocessor` numbers them
  const Preprocessor& preprocessor;
  const Dataset& dataset;
  std::span<const std::size_t> positions;
  std::size_t most_words = 0;  ///< of a text, times those of the longest that was to be written; 0: as the network says
  ExecutorOptions engine = {};
};

/// How good the texts are that were written for examples.
struct WrittenEvaluation {
  MetricsReport metrics = {};              ///< what is looked for first at the front
  std::vector<std::string> texts = {};     ///< one for each position
  std::vector<std::string> expected = {};  ///< what was to be written, where nothing else shows it; or none
};

/// A row of the table of networks that write (written_figures.cpp).
struct WritingRow {
  std::string_view kind;         ///< of the preprocessor, as its record says it
  MetricsReport (*unwritten)();  ///< the figures, without numbers
  WrittenEvaluation (*write)(const WrittenRequest& request, Progress& progress);
  /// A sentence where the examples are the wrong way round; null: they cannot be.
  std::string (*swap)(const WrittenRequest& request, Progress& progress) = nullptr;
};

/// The figures of texts that were written, without numbers, for a network with this preprocessor.
MetricsReport unwritten(const Preprocessor& preprocessor);

/// A sentence where the texts look as if read and written were the wrong way round; "" where not. Throws as
/// `written_figures`.
std::string suspected_swap(const WrittenRequest& request, Progress& progress);

/// Writes them as the network is used, and compares. Throws as `compile`, and Error{usage} for a network that does not
/// write. Says what was cut off, did not end, or is otherwise not as it should be.
WrittenEvaluation written_figures(const WrittenRequest& request, Progress& progress);

/// Whether a figure is better than another of the same name.
bool is_better(const MetricValue& one, const MetricValue& other);

}  // namespace enxerto
