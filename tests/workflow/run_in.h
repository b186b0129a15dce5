#pragma once
#include <filesystem>
#include <string>

#include "enxerto/workflow/recipe.h"

namespace enxerto::testing {

/// A run on the data and the backbone in `folder`, on one thread, with its cache and its output there.
inline Recipe run_in(const std::filesystem::path& folder, const std::string& output) {
  Recipe recipe;
  recipe.data.path = (folder / "data").string();
  recipe.backbone.name = (folder / "backbone").string();
  recipe.output.path = (folder / output).string();
  recipe.run.threads = 1;
  recipe.run.cache.directory = (folder / "cache").string();
  return recipe;
}

}  // namespace enxerto::testing
