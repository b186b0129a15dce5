#include "enxerto/media/silence.h"

#include <algorithm>
#include <cmath>

namespace enxerto {

float peak_of(std::span<const float> samples) {
  float peak = 0;
  for (const float sample : samples) peak = std::max(peak, std::abs(sample));
  return peak;
}

}  // namespace enxerto
