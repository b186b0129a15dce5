#include "enxerto/pretrained/hub/sound_network.h"

#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/media/audio/audio_preprocessor.h"
#include "enxerto/media/audio/utterance_preprocessor.h"
#include "enxerto/pretrained/hub/token_families.h"
#include "enxerto/zoo/spectrogram_transformer.h"
#include "enxerto/zoo/wav2vec2.h"

namespace enxerto {
namespace {

constexpr std::int64_t kUsualSampling = 16'000;

std::vector<std::int64_t> whole_numbers(const HubConfig& config, std::string_view key, std::vector<double> usual) {
  std::vector<std::int64_t> numbers;
  for (const double number : config.numbers(key, std::move(usual))) {
    if (number != std::floor(number) || number < 1 || number > 1e6)
      config.fail(fmt::format("'{}' has {:g}", key, number), "whole numbers from 1 on");
    numbers.push_back(static_cast<std::int64_t>(number));
  }
  return numbers;
}

std::vector<TimeConvolution> convolutions_of(const HubConfig& config) {
  const std::vector<std::int64_t> channels = whole_numbers(config, "conv_dim", std::vector<double>(7, 512)),
                                  kernels = whole_numbers(config, "conv_kernel", {10, 3, 3, 3, 3, 2, 2}),
                                  strides = whole_numbers(config, "conv_stride", {5, 2, 2, 2, 2, 2, 2});
  const std::int64_t count = config.integer("num_feat_extract_layers", std::ssize(channels));
  if (std::ssize(channels) != count || std::ssize(kernels) != count || std::ssize(strides) != count)
    config.fail(fmt::format("contradicts itself: num_feat_extract_layers is {}, but conv_dim has {} numbers, "
                            "conv_kernel {} and conv_stride {}",
                            count, channels.size(), kernels.size(), strides.size()),
                "one of each for every layer", "take config.json from the source of the weights");
  std::vector<TimeConvolution> all;
  for (std::size_t i = 0; i < channels.size(); ++i)
    all.push_back({.channels = channels[i], .kernel = kernels[i], .stride = strides[i]});
  return all;
}

Wav2Vec2Config::Norm norm_of(const HubConfig& config) {
  const std::string norm = config.text("feat_extract_norm", "group");
  if (norm != "group" && norm != "layer")
    config.fail(fmt::format("'feat_extract_norm' is '{}'", norm), "group or layer", kOnnxTip);
  return norm == "group" ? Wav2Vec2Config::Norm::group : Wav2Vec2Config::Norm::layer;
}

Wav2Vec2Config wav2vec2_sizes_of(const HubConfig& config) {
  require_flag(config, "add_adapter", false);
  require_flag(config, "conv_pos_batch_norm", false);
  if (config.find("adapter_attn_dim") != nullptr)
    config.fail("has adapters in its blocks ('adapter_attn_dim')", "a network without", kOnnxTip);
  Wav2Vec2Config found;
  found.name = config.text("model_type", "");
  found.convolutions = convolutions_of(config);
  found.norm = norm_of(config);
  found.convolution_bias = config.flag("conv_bias", false);
  found.convolution_activation = block_activation(config, "feat_extract_activation", "gelu");
  found.activation = block_activation(config, "hidden_act", "gelu");
  found.normed_frames = found.name != "hubert" || config.flag("feat_proj_layer_norm", true);
  found.sizes.width = config.integer("hidden_size", 768);
  found.sizes.depth = config.integer("num_hidden_layers", 12);
  found.sizes.heads = config.integer("num_attention_heads", 12);
  found.sizes.hidden = config.integer("intermediate_size", 3'072);
  found.position_kernel = config.integer("num_conv_pos_embeddings", 128);
  found.position_groups = config.integer("num_conv_pos_embedding_groups", 16);
  found.norm_first = config.flag("do_stable_layer_norm", false);
  found.epsilon = norm_epsilon(config, "layer_norm_eps", 1e-5);
  return found;
}

void require_one_channel(const HubConfig& processor) {
  if (processor.integer("feature_size", 1) != 1)
    processor.fail("is of another front end: 'feature_size' is not 1", "samples, of which there is one at a time");
}

SoundNetwork make_wav2vec2(const HubConfig& config, const HubConfig& processor) {
  const Wav2Vec2Config found = wav2vec2_sizes_of(config);
  SoundNetwork network{.blueprint = wav2vec2(found), .naming = "transformers_speech", .trained_from = "projection"};
  network.preprocessor = utterance_preprocessor({.rate = processor.integer("sampling_rate", kUsualSampling),
                                                 .step = found.step(),
                                                 .reach = found.reach(),
                                                 .normalise = processor.flag("do_normalize", true),
                                                 .counted = found.norm == Wav2Vec2Config::Norm::group},
                                                processor.where());
  require_one_channel(processor);
  if (processor.find("do_normalize") == nullptr)
    network.notes.push_back(
        fmt::format("{} does not say whether recordings are normalised: assuming that they are", processor.where()));
  return network;
}

SoundNetwork make_ast(const HubConfig& config, const HubConfig& processor) {
  require_flag(config, "qkv_bias", true);
  require_flag(processor, "do_normalize", true);
  require_one_channel(processor);
  SpectrogramTransformerConfig found;
  found.front = {.rate = processor.integer("sampling_rate", kUsualSampling),
                 .mels = config.integer("num_mel_bins", 128),
                 .frames = config.integer("max_length", 1'024)};
  const auto require_same = [&](std::string_view key, std::int64_t wanted) {
    if (const std::int64_t there = processor.integer(key, wanted); there != wanted)
      processor.fail(fmt::format("contradicts config.json: '{}' is {}", key, there), fmt::format("{}", wanted),
                     "take both files from the source of the weights");
  };
  require_same("num_mel_bins", found.front.mels);
  require_same("max_length", found.front.frames);
  found.mean = static_cast<float>(processor.number("mean", static_cast<double>(found.mean)));
  found.deviation = static_cast<float>(processor.number("std", static_cast<double>(found.deviation)));
  found.patch = config.integer("patch_size", 16);
  found.frequency_stride = config.integer("frequency_stride", 10);
  found.time_stride = config.integer("time_stride", 10);
  found.sizes.width = config.integer("hidden_size", 768);
  found.sizes.depth = config.integer("num_hidden_layers", 12);
  found.sizes.heads = config.integer("num_attention_heads", 12);
  found.sizes.hidden = config.integer("intermediate_size", 3'072);
  found.activation = block_activation(config, "hidden_act", "gelu");
  found.epsilon = norm_epsilon(config, "layer_norm_eps", 1e-12);
  SoundNetwork network{.blueprint = spectrogram_transformer(found), .naming = "transformers_ast"};
  network.preprocessor = audio_preprocessor(
      {.rate = found.front.rate, .samples = found.front.samples(), .counted = true}, processor.where());
  network.constants = kaldi_fbank_parameters(found.front);
  return network;
}

/// A row is a `model_type` of config.json.
struct SoundFamily {
  std::string_view model_type;
  SoundNetwork (*make)(const HubConfig& config, const HubConfig& processor);
};
constexpr std::array kSoundFamilies{SoundFamily{"wav2vec2", make_wav2vec2}, SoundFamily{"hubert", make_wav2vec2},
                                    SoundFamily{"audio-spectrogram-transformer", make_ast}};

}  // namespace

std::optional<SoundNetwork> sound_network(const HubConfig& config, const HubConfig& processor) {
  const std::string type = config.text("model_type", "");
  for (const SoundFamily& family : kSoundFamilies) {
    if (family.model_type != type) continue;
    return built_by(config, [&] { return family.make(config, processor); });
  }
  return std::nullopt;
}

std::vector<std::string> sound_model_types() {
  std::vector<std::string> types;
  for (const SoundFamily& family : kSoundFamilies) types.emplace_back(family.model_type);
  return types;
}

}  // namespace enxerto
