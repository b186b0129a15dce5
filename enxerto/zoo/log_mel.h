#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/builder.h"
#include "enxerto/zoo/mel_bands.h"

namespace enxerto {

/// A picture of a sound: how much of each pitch there is at each time. librosa's
/// power_to_db(melspectrogram(y, sr=rate, n_fft=fft, win_length=window, hop_length=hop, n_mels=mels,
/// pad_mode="constant"), top_db=range), whose mel bands are Slaney's (Auditory Toolbox 1998), each of area 1.
struct LogMel {
  std::int64_t rate = 16'000;  ///< of the samples, Hz
  std::int64_t fft = 1'024;    ///< samples that a pitch is judged by
  std::int64_t window = 400;   ///< of them that are heard, even: a periodic Hann window around each frame, 25 ms
  std::int64_t hop = 160;      ///< samples from frame to frame, 10 ms
  std::int64_t mels = 128;     ///< bands from `lowest` to `highest`
  float range = 80;            ///< dB below the clip's loudest place that are told apart
  double lowest = 0;           ///< Hz
  double highest = 0;          ///< Hz; 0: half of the rate

  std::int64_t frames(std::int64_t samples) const { return samples / hop + 1; }
};

/// The same windows and bands at another rate: 25 ms, 10 ms, a transform of at least 64 ms.
LogMel log_mel_at(std::int64_t rate);

/// `samples` (batch, n) to (batch, 1, mels, frames), dB. Its parameters are constants: nothing learns them.
std::string log_mel(GraphBuilder& net, const std::string& samples, const LogMel& spec);

/// The same before it becomes dB: (batch, mels, frames), and without the silence that else lies on both sides, so
/// that the first frame begins with the first sample.
std::string mel_power(GraphBuilder& net, const std::string& samples, const LogMel& spec);

/// The parameters' values.
StateDict log_mel_parameters(const LogMel& spec);

/// The windows and bands of `spec` for nodes and parameters that are called after `name`, no silence around.
MelBands mel_bands_of(const LogMel& spec, const std::string& name);

/// The values of their parameters.
StateDict mel_constants(const LogMel& spec, const std::string& name);

/// Those of the waves alone.
void set_waves(StateDict& constants, const LogMel& spec, const std::string& name);

/// The Hann window times cosines, or minus sines, of each bin's angle: (fft / 2 + 1, window).
std::vector<double> log_mel_cosines(const LogMel& spec);
std::vector<double> log_mel_sines(const LogMel& spec);

/// Triangles between neighbouring pitches: (mels, fft / 2 + 1).
std::vector<float> log_mel_triangles(const LogMel& spec);

}  // namespace enxerto
