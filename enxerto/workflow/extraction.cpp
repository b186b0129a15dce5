#include "enxerto/workflow/extraction.h"

namespace enxerto {

ImagePreprocess resolved_preprocess(const Backbone& backbone, const Recipe::Input& input) {
  ImagePreprocess preprocess = backbone.spec.preprocess;
  if (input.size > 0) preprocess.size = static_cast<int>(input.size);
  if (input.fit == "squash") preprocess.fit = ImagePreprocess::Fit::squash;
  if (input.fit == "crop") preprocess.fit = ImagePreprocess::Fit::center_crop;
  preprocess.scaled_decode = input.scaled_decode;
  return preprocess;
}

std::shared_ptr<FeatureCache> open_cache(const Recipe::Cache& cache) {
  if (!cache.enabled) return nullptr;
  return FeatureCache::open(
      {.directory = cache.directory, .limit_bytes = static_cast<std::uint64_t>(cache.limit_gb * 1e9)});
}

ExtractOptions extract_options(const Recipe& recipe) {
  return {.threads = static_cast<int>(recipe.run.threads),
          .batch = static_cast<int>(recipe.run.batch),
          .on_bad = recipe.data.on_bad == "skip" ? OnBad::skip : OnBad::error,
          .cache = open_cache(recipe.cache)};
}

}  // namespace enxerto
