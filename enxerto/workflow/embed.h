#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/features/extract.h"
#include "enxerto/workflow/recipe.h"
#include "enxerto/workflow/timings.h"

namespace enxerto {

struct EmbedRequest {
  Recipe recipe;                 ///< its data, backbone, input, run and cache are used
  std::string at = "head";       ///< a stage: the value that enters it (before the head: the pooled features) | logits
  std::filesystem::path output;  ///< .safetensors, .npy (names and labels in a .csv beside it) or .csv
};

struct EmbedReport {
  std::filesystem::path output;
  RowLayout values;  ///< what is written of each example
  Shape row_shape;   ///< of the one value of a fixed shape; else empty
  std::string precision;
  std::vector<std::string> classes;
  std::size_t rows = 0, computed = 0, cached = 0;
  std::vector<BadExample> skipped;
  Timings timings;
};

/// Writes the features of every example with its name and label, from the cache where they are there, without holding
/// them in memory. Throws Error (usage, data, weights, disk, interrupted); nothing is half-written.
EmbedReport embed(const EmbedRequest& request, Progress& progress = no_progress());

}  // namespace enxerto
