#pragma once

#include "command.h"
#include "enxerto/features/extract.h"
#include "enxerto/workflow/recipe.h"

namespace enxerto::cli {

/// Options of the commands that run a saved model over many pictures.
struct ExtractionOptions {
  Recipe recipe;  ///< its run, cache and data.on_bad are used
  bool no_cache = false;

  void add_to(Command& command);

  /// Opens the cache.
  ExtractOptions resolve() const;
};

}  // namespace enxerto::cli
