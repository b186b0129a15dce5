#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/files/is_file.h"
#include "enxerto/media/audio/sound_windows.h"
#include "enxerto/onnx/import.h"
#include "enxerto/pretrained/sounds/filled_sound.h"
#include "enxerto/pretrained/sounds/sound_files.h"
#include "enxerto/zoo/speech_embedding.h"

namespace enxerto {
namespace {

using Path = std::filesystem::path;

constexpr const char *kEmbeddingFile = "embedding_model.onnx", *kMelFile = "melspectrogram.onnx";

Path embedding_folder(const Path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return path;
  return path.filename() == kEmbeddingFile ? path.parent_path() : Path();
}

/// "conv9.weight" of "model/conv2d_9/Conv2D_weights_fused_bn"; "" for what is no convolution's.
std::string embedding_parameter(std::string_view theirs) {
  constexpr std::string_view kLayer = "model/conv2d", kBias = "_bias_fused_bn";
  if (!theirs.starts_with(kLayer)) return "";
  theirs.remove_prefix(kLayer.size());
  const std::string_view number = theirs.substr(0, theirs.find('/'));
  return fmt::format("conv{}.{}", number.empty() ? "0" : number.substr(1), theirs.ends_with(kBias) ? "bias" : "weight");
}

/// (bins, mels) to (mels, bins, 1).
Tensor bands_of(const Tensor& matrix, const std::string& where) {
  if (matrix.shape().size() != 2)
    throw weights_error(where, fmt::format("mel weights of {}", to_string(matrix.shape())), "(bins, mels)");
  const std::int64_t bins = matrix.shape()[0], mels = matrix.shape()[1];
  std::vector<float> all;
  for (std::int64_t mel = 0; mel < mels; ++mel)
    for (std::int64_t bin = 0; bin < bins; ++bin) all.push_back(matrix.as<float>()[to_size(bin * mels + mel)]);
  return Tensor::of<float>({mels, bins, 1}, std::span<const float>(all));
}

struct MelName {
  std::string_view theirs, ours;
};
constexpr std::array kMelNames{MelName{"0.stft.conv_real.weight", "mel.cosine"},
                               MelName{"0.stft.conv_imag.weight", "mel.sine"}, MelName{"1.melW", "mel.bands"}};

void put_front_end(const StateDict& theirs, const std::string& where, StateDict& ours) {
  for (const MelName& row : kMelNames) {
    const Tensor* const tensor = theirs.find(std::string(row.theirs));
    if (tensor == nullptr)
      throw weights_error(where, fmt::format("has no tensor {}", row.theirs), "the front end of openWakeWord");
    ours.set(std::string(row.ours), row.ours == "mel.bands" ? bands_of(tensor->to_float32(), where) : *tensor);
  }
}

}  // namespace

bool is_speech_embedding(const Path& path) {
  const Path folder = embedding_folder(path);
  // A folder of it without its front end is one all the same, and told so; a file of that name may be another's.
  return !folder.empty() && is_file(folder / kEmbeddingFile) && (folder == path || is_file(folder / kMelFile));
}

Backbone speech_embedding_backbone(const Path& path, const LoadOptions& /*options*/) {
  const Path folder = embedding_folder(path), file = folder / kEmbeddingFile, front = folder / kMelFile;
  if (!is_file(front))
    throw weights_error(front.string(), "there is no such file", "the front end of openWakeWord, beside its embedding",
                        "download it from where the embedding came from");
  const StateDict theirs = read_onnx(file).graph.parameters;
  const SpeechEmbeddingConfig config;
  SoundParameters found{
      .blueprint = speech_embedding(config),
      .parameters = {},
      .preprocessor = sound_windows(
          {.rate = config.rate, .window = config.samples(), .step = config.step * config.hop, .at_end = true},
          file.string()),
      .name = "speech_embedding",
      .naming = "openwakeword",
      .trained_from = "conv0"};
  put_front_end(read_onnx(front).graph.parameters, front.string(), found.parameters);
  for (const auto& [name, tensor] : theirs) {
    const std::string ours = embedding_parameter(name);
    found.parameters.set(ours.empty() ? name : ours, tensor);
  }
  return filled_sound(file, std::move(found), theirs);
}

}  // namespace enxerto
