#include "enxerto/workflow/extraction.h"

namespace enxerto {
namespace {

/// Keras's three modes (keras.applications.imagenet_utils.preprocess_input), and pixels / 255.
void set_normalisation(ImagePreprocess& preprocess, const std::string& mode) {
  if (mode == "auto") return;
  preprocess.channels = mode == "caffe" ? ImagePreprocess::Channels::bgr : ImagePreprocess::Channels::rgb;
  preprocess.divisor = mode == "tf" ? 127.5F : mode == "caffe" ? 1.0F : 255.0F;
  preprocess.mean = mode == "tf"      ? std::array{1.0F, 1.0F, 1.0F}
                    : mode == "torch" ? std::array{0.485F, 0.456F, 0.406F}
                    : mode == "caffe" ? std::array{103.939F, 116.779F, 123.68F}
                                      : std::array{0.0F, 0.0F, 0.0F};
  preprocess.deviation = mode == "torch" ? std::array{0.229F, 0.224F, 0.225F} : std::array{1.0F, 1.0F, 1.0F};
}

}  // namespace

ImagePreprocess resolved_preprocess(const Backbone& backbone, const Recipe::Input& input) {
  ImagePreprocess preprocess = backbone.spec.preprocess;
  if (input.size > 0) preprocess.size = static_cast<int>(input.size);
  if (input.fit == "squash") preprocess.fit = ImagePreprocess::Fit::squash;
  if (input.fit == "crop") preprocess.fit = ImagePreprocess::Fit::center_crop;
  preprocess.scaled_decode = input.scaled_decode;
  set_normalisation(preprocess, input.normalise);
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
