#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/data/bad_example.h"
#include "enxerto/data/parts.h"
#include "enxerto/metrics/metrics_report.h"
#include "enxerto/model/model.h"
#include "enxerto/training/run_settings.h"

namespace enxerto {

struct EvaluateOptions {
  std::string part;  ///< train | validation | test | all; "": the test part where there is one, else all
  ModelPrecision precision = ModelPrecision::as_trained;
  int threads = 0;  ///< 0: `usable_cores()`
  int batch = 0;    ///< examples a call of the engine; 0: chosen from their size
  OnBad on_bad = OnBad::few;
  CacheSettings cache = {.enabled = false};  ///< of features
  ReadingOptions reading = {};               ///< what figures of answers that are searched for are of
  TableOptions table = {};  ///< where the data is one; what is left open follows from the model: its task, its columns
};

struct EvaluationReport {
  MetricsReport metrics;                      ///< of the model's task
  std::string task, noun;                     ///< its name; what an example is called
  std::vector<std::string> classes;           ///< of the model; its labels or values
  std::vector<std::string> unknown, missing;  ///< classes that only the data has, or only the model
  std::string part, precision;                ///< what was evaluated; that the prefix ran in
  std::size_t examples = 0, left_out = 0;     ///< left out: examples of unknown classes
  std::optional<std::size_t> learned_from;    ///< of the examples, by their content; none where the model does not say
  std::vector<BadExample> skipped;
  std::size_t computed = 0, cached = 0;                 ///< rows of features
  std::vector<std::pair<std::string, double>> seconds;  ///< of each part of the work, in order
};

/// Holds a saved model, or one of `ready_model`, against labelled examples; classes, labels and values are matched by
/// name. Throws Error (usage; data, also of another kind than the model's task; weights, disk, interrupted).
EvaluationReport evaluate(const std::filesystem::path& model, const std::filesystem::path& data,
                          const EvaluateOptions& options = {}, Progress& progress = no_progress());

}  // namespace enxerto
