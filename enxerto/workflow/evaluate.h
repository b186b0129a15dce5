#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/features/extract.h"
#include "enxerto/metrics/classification_metrics.h"
#include "enxerto/workflow/timings.h"

namespace enxerto {

struct EvaluateOptions {
  std::string part;           ///< train | validation | test | all; "": the test part where there is one, else all
  ExtractOptions extraction;  ///< threads, batch, bad pictures, cache
  std::string precision = "as-trained";  ///< of the frozen prefix: as-trained | fp32 | bf16
};

struct EvaluationResult {
  ClassificationReport metrics;
  std::vector<std::string> classes;           ///< of the model
  std::vector<std::string> unknown, missing;  ///< classes that only the data has, or only the model
  std::string part;                           ///< what was evaluated
  std::string precision;                      ///< that the prefix ran in
  std::size_t examples = 0, left_out = 0;     ///< left out: pictures of unknown classes
  std::vector<BadExample> skipped;
  std::size_t computed = 0, cached = 0;  ///< rows of features
  Timings timings;
};

/// Holds a saved model against labelled pictures; classes are matched by name. Features come from the cache where they
/// are there. Throws Error (usage, data, weights, disk, interrupted).
EvaluationResult evaluate(const std::filesystem::path& model, const std::filesystem::path& data,
                          const EvaluateOptions& options = {}, Progress& progress = silent());

}  // namespace enxerto
