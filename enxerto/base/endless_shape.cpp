#include "enxerto/base/endless_shape.h"

#include <cstdint>

namespace enxerto {

bool is_endless(const Shape& shape) {
  constexpr std::int64_t kMostOfNothing = std::int64_t{1} << 31;
  std::int64_t others = 1;
  for (const std::int64_t size : shape)
    if (size > 0 && (__builtin_mul_overflow(others, size, &others) || others > kMostOfNothing)) return true;
  return false;
}

}  // namespace enxerto
