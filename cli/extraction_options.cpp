#include "extraction_options.h"

#include "enxerto/workflow/recipe.h"

namespace enxerto::cli {

void ExtractionOptions::add_to(Command& command) {
  fields_.emplace(command).add(
      {"run.threads", "run.batch", "data.on_bad", "cache.enabled", "cache.directory", "cache.limit_gb"}, "Run");
}

void ExtractionOptions::apply(EvaluateOptions& options) const {
  Recipe asked;
  fields_->apply(asked);
  check(asked);
  options.threads = static_cast<int>(asked.run.threads);
  options.batch = static_cast<int>(asked.run.batch);
  options.on_bad = asked.data.on_bad;
  options.cache = asked.run.cache;
}

}  // namespace enxerto::cli
