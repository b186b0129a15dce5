#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/dataset.h"
#include "enxerto/graph/graph.h"
#include "enxerto/media/preprocessor.h"
#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// A network that foretells (`TaskKind::foretells`), and what it was trained and tested on.
struct TextWriter {
  const Graph& network;
  const Preprocessor& preprocessor;
  const Dataset& dataset;
  std::span<const std::size_t> training, test;  ///< positions in it
  std::uint64_t seed = 0;
  int threads = 0;
};

struct WrittenTexts {
  MetricTable figures;  ///< "written": nothing of the examples but their names, so that it may go with the model
  std::string sample;   ///< the first text with its beginning, for who trains
};

/// Some short texts that it writes, drawn behind the beginnings of test examples, and of each the longest part that
/// stands in the examples that it was trained on, and how much it repeats itself. Throws as
/// `open_decoder` and `generate`, Error{interrupted} among them.
WrittenTexts written_texts(const TextWriter& writer, Progress& progress);

}  // namespace enxerto
