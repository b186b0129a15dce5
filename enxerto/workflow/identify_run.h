#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/hash.h"
#include "enxerto/graph/graph.h"
#include "enxerto/training/checkpoint.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto {

/// What makes a run the same run.
struct IdentifiedRun {
  const Graph& network;  ///< before training, head included
  const Recipe& recipe;  ///< resolved
  const std::vector<std::string>& classes;
  std::span<const std::size_t> training, validation;  ///< positions in the data set
  std::span<const Hash128> contents;                  ///< of all examples that can be read
};

/// The recipe without what does not change the model: where it is saved, the cache, how often checkpoints are written.
RunIdentity identify(const IdentifiedRun& run);

}  // namespace enxerto
