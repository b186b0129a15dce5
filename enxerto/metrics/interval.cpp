#include "enxerto/metrics/interval.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace enxerto {

Interval wilson_interval(std::size_t right, std::size_t seen) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  if (seen == 0) return {kNan, kNan};
  constexpr double kZ = 1.959963984540054;  // 97.5 % quantile of the normal distribution
  const double count = static_cast<double>(seen), share = static_cast<double>(right) / count;
  const double divisor = 1 + kZ * kZ / count;
  const double centre = (share + kZ * kZ / (2 * count)) / divisor;
  const double half = kZ / divisor * std::sqrt(share * (1 - share) / count + kZ * kZ / (4 * count * count));
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

}  // namespace enxerto
