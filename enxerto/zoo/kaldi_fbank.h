#pragma once
#include <cstdint>
#include <string>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/builder.h"

namespace enxerto {

/// Kaldi's filter bank energies as PyTorch's compliance.kaldi.fbank(window_type="hanning", num_mel_bins=mels) has
/// them: windows of 25 ms each 10 ms that lie in the sound, each without its mean, pre-emphasised by 0.97, under a
/// symmetric Hann window; power in triangles between mels from 20 Hz to half of the rate; the natural logarithm.
struct KaldiFbank {
  std::int64_t rate = 16'000;  ///< Hz
  std::int64_t mels = 128;
  std::int64_t frames = 1'024;  ///< of a clip: those that it has not are 0

  std::int64_t window() const { return rate / 40; }
  std::int64_t hop() const { return rate / 100; }
  std::int64_t fft() const;      ///< the next power of two
  std::int64_t samples() const;  ///< that so many frames hear
};

/// `samples` (batch, spec.samples()), and how many of them there are, `count` (batch, 1) of int64, to (batch, mels,
/// frames). Parameters as of `mel_bands`, called after "fbank".
std::string kaldi_fbank(GraphBuilder& net, const std::string& samples, const std::string& count,
                        const KaldiFbank& spec);

/// Their values.
StateDict kaldi_fbank_parameters(const KaldiFbank& spec);

}  // namespace enxerto
