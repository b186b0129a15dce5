#pragma once
#include <cstddef>

namespace enxerto {

/// A confidence interval; NaN on both sides where nothing was seen.
struct Interval {
  double low = 0, high = 0;
};

/// A figure with its confidence interval.
struct Estimate {
  double value = 0;
  Interval interval = {};
};

/// 95 % Wilson score interval of the share `right` / `seen` (Wilson 1927). `right` is at most `seen`.
Interval wilson_interval(std::size_t right, std::size_t seen);

}  // namespace enxerto
