#pragma once
#include <array>
#include <cstdint>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/blueprint.h"
#include "enxerto/zoo/log_mel.h"

namespace enxerto {

/// CNN14 of PANNs (Kong et al. 2020, arXiv:1912.10211): six pairs of convolutions on the mel spectrogram of a whole
/// clip.
struct PannsConfig {
  LogMel mel = {.rate = 32'000, .fft = 1'024, .window = 1'024, .hop = 320, .mels = 64, .lowest = 50, .highest = 14'000};
  std::array<std::int64_t, 6> channels{64, 128, 256, 512, 1'024, 2'048};
  std::int64_t embedding = 2'048;

  std::int64_t mirrored() const { return mel.fft / 2; }  ///< samples that a clip is continued by at both ends
  /// The shortest clip of which something is left behind five halvings: 32 frames.
  std::int64_t least() const { return 31 * mel.hop; }
};

/// Inputs "samples" (batch, rows, mel.hop), a clip that is continued at both ends, and "attention_mask" (batch, rows)
/// of int64, 1 for each row that a frame of the clip begins with; output "pooled" (batch, embedding). What is padding
/// changes nothing. Stages: mel, conv_block1 .. conv_block6, fc1.
Blueprint panns_cnn14(const PannsConfig& config);

/// The values of what `mel_bands` wants.
StateDict panns_constants(const PannsConfig& config);

}  // namespace enxerto
