#pragma once
#include <span>

namespace enxerto {

/// A recording without a sample beyond it, 60 dB below full scale, is nearly silent.
inline constexpr float kNearlySilent = 1e-3F;

/// The greatest distance of a sample from 0; 0 of none.
float peak_of(std::span<const float> samples);

}  // namespace enxerto
