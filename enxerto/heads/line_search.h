#pragma once
#include <functional>

namespace enxerto {

/// A point on a line: how far along, the value there and the slope.
struct LinePoint {
  double step = 0, value = 0, slope = 0;
};

struct LineSearch {
  LinePoint point;  ///< the last point that was evaluated
  bool found = false;
};

/// A step that fulfils the strong Wolfe conditions (c1 = 1e-4, c2 = 0.9) by bracketing and cubic interpolation
/// (Nocedal, Wright 2006, algorithms 3.5 and 3.6). Values may be off by a relative 1e-9 of `origin`'s, as float32 sums
/// are. `origin.slope` must be negative.
LineSearch search_line(const std::function<LinePoint(double step)>& evaluate, const LinePoint& origin,
                       double first_step);

}  // namespace enxerto
