#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "enxerto/base/state_dict.h"
#include "enxerto/graph/builder.h"

namespace enxerto {

/// How much of each pitch there is in each frame of a sound, by constants that are handed in.
struct MelBands {
  std::string name;         ///< of the nodes, and what the parameters' names begin with
  std::int64_t window = 0;  ///< samples of a frame
  std::int64_t hop = 0;     ///< samples from frame to frame
  std::int64_t bins = 0;    ///< frequencies
  std::int64_t mels = 0;    ///< bands of them
  std::int64_t before = 0;  ///< samples of silence before the first one
  std::int64_t behind = 0;  ///< and behind the last one
  bool power = true;        ///< false: the magnitude, its square root
  /// The waves and the samples, which are within -1 to 1, are split into what float32 adds up without rounding and a
  /// small rest: else the rounding of a loud pitch is heard in the silent ones, and a logarithm makes much of it. It
  /// costs three times the products. false: the waves are a file's, and what they give is to be what the file gives.
  bool split = true;
};

/// `row` (batch, 1, samples) to (batch, mels, frames). Parameters, all constants: name.cosine and name.sine (bins, 1,
/// window), what a frame's samples are multiplied by, and name.bands (mels, bins, 1); split, also name.cosine.rest and
/// name.sine.rest (bins, 2, window).
std::string mel_bands(GraphBuilder& net, const std::string& row, const MelBands& spec);

inline constexpr double kDecibels = 10;

/// Of powers, `units` a power of ten (kDecibels); what is below 1e-10 counts as that. Nodes are called after `name`.
std::string level_of_power(GraphBuilder& net, const std::string& power, const std::string& name, double units);

/// A parameter that is no weight: what goes through Identity fills no slot that learns.
std::string fixed_parameter(GraphBuilder& net, const std::string& name, Shape shape);

/// Sets a split `wave`, "cosine" or "sine", whose `values` are (bins, window).
void set_wave(StateDict& constants, const MelBands& spec, const std::string& wave, std::span<const double> values);

}  // namespace enxerto
