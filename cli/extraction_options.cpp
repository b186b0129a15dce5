#include "extraction_options.h"

#include "enxerto/workflow/extraction.h"

namespace enxerto::cli {

void ExtractionOptions::add_to(Command& command) {
  const std::string group = "Run";
  command.add_option("-t,--threads", recipe.run.threads, "Threads (all cores)")->group(group);
  command.add_option("--batch", recipe.run.batch, "Pictures a call of the engine")->group(group);
  command.add_option("--on-bad", recipe.data.on_bad, "A picture that cannot be read: error | skip")
      ->one_of({"error", "skip"})
      ->group(group);
  command.add_flag("--no-cache", no_cache, "Neither read nor keep features on disk")->group(group);
  command.add_option("--cache", recipe.cache.directory, "Folder of the feature cache (~/.cache/enxerto)")->group(group);
  command.add_option("--cache-limit", recipe.cache.limit_gb, "Size limit of the feature cache, GB (20)")->group(group);
}

ExtractOptions ExtractionOptions::resolve() const {
  Recipe asked = recipe;
  asked.cache.enabled = !no_cache;
  check(asked);
  return extract_options(asked);
}

}  // namespace enxerto::cli
