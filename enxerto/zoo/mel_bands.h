#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/builder.h"

namespace enxerto {

/// How much of each pitch there is in each frame of a sound, by constants that are handed in.
struct MelBands {
  std::string name;         ///< of the nodes, and what the parameters' names begin with
  std::int64_t window = 0;  ///< samples of a frame
  std::int64_t hop = 0;     ///< samples from frame to frame
  std::int64_t bins = 0;    ///< frequencies
  std::int64_t mels = 0;    ///< bands of them
  std::int64_t behind = 0;  ///< samples of silence behind the last one
  bool power = true;        ///< false: the magnitude, its square root
};

/// `row` (batch, 1, samples) to (batch, mels, frames). Parameters, all constants: name.cosine and name.sine (bins, 1,
/// window), what a frame's samples are multiplied by, and name.bands (mels, bins, 1).
std::string mel_bands(GraphBuilder& net, const std::string& row, const MelBands& spec);

}  // namespace enxerto
