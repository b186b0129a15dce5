#pragma once
#include <array>
#include <cstdint>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// YAMNet (Plakal, Ellis 2019, in tensorflow/models): MobileNetV1 on patches of the logarithm of a mel spectrogram.
struct YamnetConfig {
  std::int64_t rate = 16'000, window = 400, hop = 160, fft = 512;  ///< Hz, samples
  std::int64_t frames = 96, mels = 64;                             ///< of a patch
  double lowest = 125, highest = 7'500;                            ///< Hz
  float offset = 0.001F;                                           ///< added before the logarithm
  std::int64_t patch_hop = 48;                                     ///< frames from patch to patch
  std::array<std::int64_t, 14> channels{32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1'024, 1'024};

  std::int64_t samples() const { return window + hop * (frames - 1); }  ///< that a patch hears
};

/// Input "samples" (batch, config.samples()), output "pooled" (batch, channels.back()), the embedding of a patch.
/// Stages: mel, layer1 .. layer14.
Blueprint yamnet(const YamnetConfig& config);

/// The values of what `mel_bands` wants: tf.signal.stft with a periodic Hann window, and
/// tf.signal.linear_to_mel_weight_matrix.
StateDict yamnet_constants(const YamnetConfig& config);

}  // namespace enxerto
