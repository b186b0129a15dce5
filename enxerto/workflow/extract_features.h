#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/base/shape.h"
#include "enxerto/data/bad_example.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

struct FeatureOptions {
  std::filesystem::path output;  ///< .safetensors, .npy (names and labels in a .csv beside it) or .csv
  bool replace = false;          ///< files that are already there are replaced
  std::string at = "head";       ///< a stage: the value that enters it (before the head: the pooled features) | logits
};

/// One value that is written of each example.
struct FeatureValue {
  std::string name, dtype;
  Shape shape;  ///< -1 where it varies from example to example
};

struct FeatureReport {
  std::filesystem::path output;
  std::vector<FeatureValue> values;
  Shape row_shape;      ///< of the one value of a fixed shape; else empty
  std::string summary;  ///< what is written of each example: "(1280)"
  std::string precision;
  std::vector<std::string> classes;
  std::size_t rows = 0, computed = 0, cached = 0;
  std::vector<BadExample> skipped;
  std::vector<std::string> warnings;  ///< what the run had to say: what was assumed of the weights, ..
  std::vector<std::pair<std::string, double>> seconds;  ///< of each part of the work, in order
};

/// Writes the features of every example with its name and label, from the cache where they are there, without holding
/// them in memory. Of the recipe its data, backbone, input and run count. Throws Error (usage, data, weights, disk,
/// interrupted); nothing is half-written.
FeatureReport extract_features(const Recipe& asked, const FeatureOptions& options, Progress& watcher = no_progress());

}  // namespace enxerto
