#include "enxerto/workflow/identify_run.h"

#include <fmt/format.h>

#include "enxerto/engine/executor.h"
#include "enxerto/engine/load_module.h"
#include "enxerto/graph/fingerprint.h"

namespace enxerto {
namespace {

std::string data_digest(const IdentifiedRun& run) {
  Hash128Stream hash;
  for (const auto& part : {run.training, run.validation}) {
    hash.add(std::uint64_t{part.size()});
    for (const std::size_t position : part) hash.add(std::uint64_t{position});
  }
  for (const Hash128& content : run.contents) hash.add(content);
  return hash.value().hex();
}

}  // namespace

RunIdentity identify(const IdentifiedRun& run) {
  Recipe recipe = run.recipe;
  recipe.output = {};
  recipe.run.checkpoint_seconds = RunSettings{}.checkpoint_seconds;
  // Where values lie on disk changes no result; what they are kept in does.
  recipe.run.cache.enabled = CacheSettings{}.enabled;
  recipe.run.cache.directory = CacheSettings{}.directory;
  recipe.run.cache.limit_gb = CacheSettings{}.limit_gb;
  return {.network = fingerprint(run.network).hex(),
          .classes = run.classes,
          .data = data_digest(run),
          .recipe = to_toml(recipe),
          .machine = fmt::format("{}, {}{} threads", engine_module().version(), has_bf16() ? "bf16, " : "",
                                 run.recipe.run.threads)};
}

}  // namespace enxerto
