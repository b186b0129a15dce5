#include "enxerto/base/finite.h"

#include <bit>
#include <cstdint>

namespace enxerto {

bool all_finite(std::span<const float> values) {
  constexpr std::uint32_t kExponent = 0x7f800000U;  // of infinities and what is no number, all ones
  // Without a branch, so that it is done with vectors.
  std::uint32_t found = 0;
  for (const float value : values) found |= (std::bit_cast<std::uint32_t>(value) & kExponent) == kExponent ? 1U : 0U;
  return found == 0;
}

}  // namespace enxerto
