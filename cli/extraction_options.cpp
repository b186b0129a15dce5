#include "extraction_options.h"

#include "enxerto/workflow/extraction.h"

namespace enxerto::cli {

void ExtractionOptions::add_to(Command& command) {
  fields_.emplace(command).add(
      {"run.threads", "run.batch", "data.on_bad", "cache.enabled", "cache.directory", "cache.limit_gb"}, "Run");
}

ExtractOptions ExtractionOptions::resolve() const {
  Recipe asked;
  fields_->apply(asked);
  check(asked);
  return extract_options(asked);
}

}  // namespace enxerto::cli
