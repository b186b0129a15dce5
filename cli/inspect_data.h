#pragma once
#include <string>
#include <vector>

#include "enxerto/files/json.h"
#include "enxerto/workflow/recipe.h"
#include "session.h"

namespace enxerto::cli {

/// What was typed after `inspect`.
struct InspectOptions {
  std::string what, weights;
  std::vector<std::string> texts = {};  ///< to be shown as the network reads them
  int size = 0;
  std::string draw = "";  ///< folder for examples with their targets where these have places
  Recipe recipe = {};     ///< how data are read
};

/// Shows data as `train` would take them: classes, sizes, formats, what cannot be read, what is there twice.
Json inspect_data(const Session& session, const InspectOptions& options);

}  // namespace enxerto::cli
