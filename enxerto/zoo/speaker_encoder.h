#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"
#include "enxerto/zoo/log_mel.h"

namespace enxerto {

/// LSTM layers over the mel bands of a voice, of whose last state a vector is made (Wan et al. 2018, arXiv:1710.10467,
/// as Resemblyzer has it).
struct SpeakerEncoderConfig {
  LogMel mel{.rate = 16'000, .fft = 400, .window = 400, .hop = 160, .mels = 40};
  std::int64_t frames = 160;  ///< of one window, 1.6 s
  std::int64_t layers = 3, hidden = 256, width = 256;

  /// Samples that the frames are made of: the first is centred half a window behind the first sample.
  std::int64_t samples() const { return (frames - 1) * mel.hop + mel.window; }
};

/// Input "samples" (batch, samples), output "voice" (batch, width) of length 1 and without a negative number.
/// Parameters "rnn.0.weight" (1, 4 hidden, features), "rnn.0.recurrent", "rnn.0.bias" .. as `recurrent_network`,
/// "vector.weight" and "vector.bias", and those of `log_mel_parameters`. Stages: mel, rnn0 .., vector.
Blueprint speaker_encoder(const SpeakerEncoderConfig& config);

}  // namespace enxerto
