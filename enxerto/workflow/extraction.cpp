#include "enxerto/workflow/extraction.h"

#include "enxerto/base/error.h"
#include "enxerto/files/json.h"

namespace enxerto {
namespace {

/// The members of the record that the recipe gives; null takes one out, so that it is what it is by default.
Json patch_of(const Recipe::Input& input) {
  Json patch{{"scaled_decode", input.scaled_decode ? Json(true) : Json()}};
  if (input.size > 0) patch["size"] = input.size;
  if (input.fit != "auto") patch["fit"] = input.fit;
  if (input.normalise != "auto") patch["normalise"] = input.normalise;
  return patch;
}

}  // namespace

PreprocessorPtr resolved_preprocessor(const Preprocessor& own, const Recipe::Input& input) {
  try {
    return patched(own, patch_of(input), "input");
  } catch (const Error& error) {
    throw Error(ErrorKind::usage, error.text());
  }
}

std::shared_ptr<FeatureCache> open_cache(const CacheSettings& cache) {
  if (!cache.enabled) return nullptr;
  return FeatureCache::open(
      {.directory = cache.directory, .limit_bytes = static_cast<std::uint64_t>(cache.limit_gb * 1e9)});
}

ExtractOptions extract_options(const Recipe& recipe) {
  return {.threads = static_cast<int>(recipe.run.threads),
          .batch = static_cast<int>(recipe.run.batch),
          .on_bad = recipe.data.on_bad,
          .cache = open_cache(recipe.run.cache)};
}

}  // namespace enxerto
