#include "enxerto/pretrained/sounds/panns_backbone.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/media/audio/utterance_preprocessor.h"
#include "enxerto/pretrained/name_table.h"
#include "enxerto/pretrained/sounds/filled_sound.h"
#include "enxerto/pretrained/turned_matrix.h"
#include "enxerto/zoo/panns.h"

namespace enxerto {
namespace {

constexpr const char* kReal = "spectrogram_extractor.stft.conv_real.weight";
constexpr const char* kImaginary = "spectrogram_extractor.stft.conv_imag.weight";
constexpr const char* kMelMatrix = "logmel_extractor.melW";

/// The front ends that CNN14 was published with, by the length of their transforms.
constexpr std::array kPannsMels{
    LogMel{.rate = 32'000, .fft = 1'024, .window = 1'024, .hop = 320, .mels = 64, .lowest = 50, .highest = 14'000},
    LogMel{.rate = 16'000, .fft = 512, .window = 512, .hop = 160, .mels = 64, .lowest = 50, .highest = 8'000},
    LogMel{.rate = 8'000, .fft = 256, .window = 256, .hop = 80, .mels = 64, .lowest = 50, .highest = 4'000},
};

LogMel mel_of(const StateDict& tensors, const std::string& where) {
  const Tensor* const waves = tensors.find(kReal);
  if (waves == nullptr) return kPannsMels.front();
  const std::int64_t window = waves->shape().empty() ? 0 : waves->shape().back();
  const auto* const row = std::ranges::find(kPannsMels, window, &LogMel::window);
  if (row == kPannsMels.end())
    throw weights_error(where, fmt::format("a transform of {} samples in {}", window, kReal),
                        "1024, 512 or 256, those of Cnn14, Cnn14_16k and Cnn14_8k");
  return *row;
}

PannsConfig panns_config(const StateDict& tensors, const std::string& where) {
  if (!tensors.contains("conv_block6.conv1.weight") || tensors.contains("conv_block7.conv1.weight") ||
      !tensors.contains("conv_block1.conv2.weight") || tensors.contains("att_block.att.weight"))
    throw weights_error(where, "a network of PANNs with other blocks than CNN14", "Cnn14, Cnn14_16k or Cnn14_8k");
  PannsConfig config{.mel = mel_of(tensors, where)};
  for (std::size_t i = 0; i < config.channels.size(); ++i)
    if (const Tensor* const kernel = tensors.find(fmt::format("conv_block{}.conv1.weight", i + 1));
        kernel != nullptr && !kernel->shape().empty())
      config.channels[i] = kernel->shape()[0];
  if (const Shape& shape = tensors.at("fc1.weight").shape(); !shape.empty()) config.embedding = shape[0];
  return config;
}

/// (bins, mels) to (mels, bins, 1).
Tensor bands_of_matrix(const Tensor& matrix) {
  if (matrix.shape().size() != 2) return matrix;
  return turned_matrix(matrix.to_float32()).reshaped({matrix.shape()[1], matrix.shape()[0], 1});
}

/// The waves of the file, "cosine" or "sine".
void set_file_wave(StateDict& parameters, const LogMel& mel, const char* wave, const Tensor& tensor,
                   const std::string& where) {
  const MelBands bands = mel_bands_of(mel, "mel");
  if (const Shape shape{bands.bins, 1, bands.window}; tensor.shape() != shape)
    throw weights_error(where, fmt::format("a {} of {}", wave, to_string(tensor.shape())), to_string(shape));
  const Tensor values = tensor.to_float32();
  set_wave(parameters, bands, wave, std::vector<double>(values.as<float>().begin(), values.as<float>().end()));
}

bool is_of_head(const std::string& name) { return name.starts_with("fc_"); }

}  // namespace

bool is_panns(const StateDict& tensors) {
  return tensors.contains("bn0.weight") && tensors.contains("conv_block1.conv1.weight") &&
         tensors.contains("fc1.weight");
}

Backbone panns_backbone(const std::filesystem::path& file, const WeightFile& weights) {
  const std::string where = file.string();
  const PannsConfig config = panns_config(weights.tensors, where);
  SoundParameters found{.blueprint = panns_cnn14(config),
                        .parameters = panns_constants(config),
                        .preprocessor = utterance_preprocessor({.rate = config.mel.rate,
                                                                .step = config.mel.hop,
                                                                .reach = config.mel.window,
                                                                .least = config.least(),
                                                                .mirrored = config.mirrored()},
                                                               where),
                        .name = "panns_cnn14",
                        .naming = "panns",
                        .trained_from = "conv_block1"};
  for (const auto& [name, tensor] : without_counters(weights.tensors)) {
    if (is_of_head(name))
      found.left_out.push_back(name);
    else if (name == kReal || name == kImaginary)
      set_file_wave(found.parameters, config.mel, name == kReal ? "cosine" : "sine", tensor, where);
    else
      found.parameters.set(name == kMelMatrix ? "mel.bands" : name,
                           name == kMelMatrix ? bands_of_matrix(tensor) : tensor);
  }
  return filled_sound(file, std::move(found), weights.tensors);
}

}  // namespace enxerto
