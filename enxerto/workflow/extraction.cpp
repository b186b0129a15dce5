#include "enxerto/workflow/extraction.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/files/json.h"

namespace enxerto {
namespace {

/// The members of `record` that the recipe changes. A switch that the recipe leaves off goes off where the record has
/// it.
Json patch_of(const Json& record, const Recipe::Input& input) {
  Json patch = Json::object();
  if (input.scaled_decode || record.contains("scaled_decode")) patch["scaled_decode"] = input.scaled_decode;
  if (input.size > 0) patch["size"] = input.size;
  if (input.max_length > 0) patch["max_length"] = input.max_length;
  if (input.seconds > 0) patch["seconds"] = input.seconds;
  if (input.rate > 0) patch["rate"] = input.rate;
  if (input.stride > 0) patch["stride"] = input.stride;
  if (input.fit != "auto") patch["fit"] = input.fit;
  if (input.normalise != "auto") patch["normalise"] = input.normalise;
  return patch;
}

/// Throws Error{usage} for a member that examples of another medium have: one that the preprocessing takes no number
/// for, whatever the others are.
void refuse_idle_members(const Preprocessor& own, const Json& asked) {
  const Json record = own.record();
  Json known = Json::object();
  for (const auto& [key, value] : asked.items())
    if (record.contains(key)) known[key] = value;
  for (const auto& [key, value] : asked.items()) {
    if (record.contains(key)) continue;
    Json trial = known;
    trial[key] = value.is_number() ? Json(1) : value;
    try {
      (void)patched(own, trial, "input");
    } catch (const Error&) {
      throw usage_error(
          "input." + key,
          fmt::format("has no effect: the network reads {}", medium_row(own.sample(0).front().medium).nouns), "",
          "leave it out");
    }
  }
}

}  // namespace

PreprocessorPtr resolved_preprocessor(const Preprocessor& own, const Recipe::Input& input,
                                      Json (*of_task)(const Json& record)) {
  const Json record = own.record(), asked = patch_of(record, input);
  Json patch = of_task == nullptr ? Json::object() : of_task(record);
  patch.merge_patch(asked);
  try {
    return patched(own, patch, "input");
  } catch (const Error& error) {
    refuse_idle_members(own, asked);
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
