#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "enxerto/bundle/bundle.h"
#include "enxerto/features/extract.h"
#include "enxerto/pretrained/load_backbone.h"
#include "enxerto/tasks/task.h"
#include "enxerto/workflow/previews.h"
#include "enxerto/workflow/train.h"

namespace enxerto {

/// What a finished run has made.
struct FinishedNetwork {
  const Backbone& backbone;
  PreprocessorPtr preprocessor;
  Graph graph;      ///< whole; its only output is "probabilities"
  std::string cut;  ///< the stage before which the resolved precision held, the rest being fp32
  const Task& task;
  std::vector<std::uint64_t> learned_from = {};  ///< `Bundle::learned_from`
};

/// The finished model as a value: whole graph, preprocessing, labels, history, report, model card and goldens.
Bundle make_bundle(FinishedNetwork network, TensorMap golden, const TrainReport& report);

/// The examples that a report may show.
struct ReportedExamples {
  const Dataset& dataset;
  std::span<const std::size_t> training;  ///< positions
  const WorstMistakes& mistakes;
};

/// Writes the report with examples beside the model, OUTPUT.report.html, and tells where it is; where they are not
/// wanted it is the one in the model, which never has any. Throws Error{disk}.
std::filesystem::path write_report(const FinishedNetwork& network, const TrainReport& report,
                                   const ReportedExamples& examples);

}  // namespace enxerto
