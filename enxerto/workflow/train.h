#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/features/extract.h"
#include "enxerto/metrics/classification_metrics.h"
#include "enxerto/transfer/linear_probe.h"
#include "enxerto/transfer/prefix_precision.h"
#include "enxerto/workflow/recipe.h"
#include "enxerto/workflow/timings.h"

namespace enxerto {

/// What a training run did and how good its model is.
struct TrainReport {
  std::filesystem::path model;  ///< the bundle
  Recipe recipe;                ///< as it was resolved: size, threads, ..
  std::string backbone, weights;
  std::vector<std::string> classes;
  std::string data_format, test_origin;
  std::size_t train_examples = 0, validation_examples = 0, test_examples = 0;
  ClassificationReport test;  ///< on pictures that chose nothing
  std::optional<ClassificationReport> validation;
  PrefixPrecision precision;
  double l2 = 0;
  std::optional<StrengthSearch> search;
  int iterations = 0;
  bool converged = false;
  std::vector<BadExample> skipped;
  std::vector<std::string> warnings;                   ///< what the run had to say: hidden folders, duplicates, ..
  std::size_t computed = 0, cached = 0, repaired = 0;  ///< rows of features
  Timings timings;
};

/// The main job: extracts features with the frozen backbone, fits a head, evaluates it on held-out pictures and saves
/// the model at `recipe.output.path`. Throws Error (usage, data, weights, disk, interrupted); nothing is half-written.
TrainReport train(const Recipe& recipe, Progress& progress = silent());

}  // namespace enxerto
