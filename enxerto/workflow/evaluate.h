#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/csv.h"
#include "enxerto/features/extract.h"
#include "enxerto/metrics/metrics_report.h"
#include "enxerto/workflow/timings.h"

namespace enxerto {

struct EvaluateOptions {
  std::string part;           ///< train | validation | test | all; "": the test part where there is one, else all
  ExtractOptions extraction;  ///< threads, batch, bad examples, cache
  std::string precision = "as-trained";  ///< of the frozen prefix: as-trained | fp32 | bf16
  TableOptions csv = {};  ///< of a table; what is left open follows from the model: its task, its labels as columns
};

struct EvaluationResult {
  MetricsReport metrics;                      ///< of the model's task
  std::string task;                           ///< its name
  std::vector<std::string> classes;           ///< of the model; its labels or values
  std::vector<std::string> unknown, missing;  ///< classes that only the data has, or only the model
  std::string part;                           ///< what was evaluated
  std::string precision;                      ///< that the prefix ran in
  std::size_t examples = 0, left_out = 0;     ///< left out: examples of unknown classes
  std::vector<BadExample> skipped;
  std::size_t computed = 0, cached = 0;  ///< rows of features
  Timings timings;
};

/// Holds a saved model against labelled examples; classes, labels and values are matched by name. Throws Error{data}
/// for data of another kind than the model's task. Features come from the cache where they are there. Throws Error
/// (usage, data, weights, disk, interrupted).
EvaluationResult evaluate(const std::filesystem::path& model, const std::filesystem::path& data,
                          const EvaluateOptions& options = {}, Progress& progress = no_progress());

}  // namespace enxerto
