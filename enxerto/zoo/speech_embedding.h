#pragma once
#include <cstdint>

#include "enxerto/graph/blueprint.h"

namespace enxerto {

/// Google's speech embedding (Lin et al. 2020, arXiv:2002.01322) as openWakeWord ships it: twenty convolutions on 76
/// frames of 32 mels, behind a front end of its own.
struct SpeechEmbeddingConfig {
  std::int64_t rate = 16'000, window = 512, hop = 160;  ///< Hz, samples
  std::int64_t frames = 76, mels = 32;                  ///< that are heard at once
  std::int64_t step = 8;                                ///< frames from one embedding to the next

  std::int64_t samples() const { return window + hop * (frames - 1); }
};

/// Input "samples" (batch, config.samples()) of full scale 1; output "pooled" (batch, 96). Stages: mel, conv0 ..
/// conv19. Parameters "mel.cosine", "mel.sine", "mel.bands" (constants), "conv0.weight", "conv0.bias" ..; conv19 has
/// no bias.
Blueprint speech_embedding(const SpeechEmbeddingConfig& config);

}  // namespace enxerto
