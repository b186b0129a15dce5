#include "enxerto/heads/line_search.h"

#include <algorithm>
#include <cmath>

namespace enxerto {
namespace {

constexpr double kDecrease = 1e-4, kWolfeCurvature = 0.9, kRounding = 1e-9;
constexpr int kMostEvaluations = 25;

/// The minimum of the cubic through both points and their slopes, kept inside the bracket's inner 80 %.
double interpolate(const LinePoint& a, const LinePoint& b) {
  const double width = b.step - a.step;
  double step = a.step + 0.5 * width;
  const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step);
  const double square = d1 * d1 - a.slope * b.slope;
  if (square >= 0) {
    const double d2 = std::copysign(std::sqrt(square), width);
    const double cubic = b.step - width * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
    if (std::isfinite(cubic)) step = cubic;
  }
  const double low = a.step + 0.1 * width, high = b.step - 0.1 * width;
  return std::clamp(step, std::min(low, high), std::max(low, high));
}

struct Conditions {
  const LinePoint& origin;

  bool low_enough(const LinePoint& point) const {
    return std::isfinite(point.value) &&
           point.value <= origin.value + kDecrease * point.step * origin.slope + kRounding * std::abs(origin.value);
  }
  bool flat_enough(const LinePoint& point) const { return std::abs(point.slope) <= -kWolfeCurvature * origin.slope; }
};

}  // namespace

LineSearch search_line(const std::function<LinePoint(double step)>& evaluate, const LinePoint& origin,
                       double first_step) {
  const Conditions conditions{origin};
  LinePoint low = origin, high, point;
  bool bracketed = false;
  double step = first_step;
  for (int i = 0; i < kMostEvaluations; ++i) {
    point = evaluate(step);
    if (conditions.low_enough(point) && conditions.flat_enough(point)) return {point, true};
    if (!conditions.low_enough(point) || (low.step > 0 && point.value >= low.value)) {
      high = point;
      bracketed = true;
    } else {
      const bool past_minimum = bracketed ? point.slope * (high.step - low.step) >= 0 : point.slope >= 0;
      if (past_minimum) high = low;
      bracketed = bracketed || past_minimum;
      low = point;
    }
    if (!bracketed)
      step *= 2;
    else
      step = std::isfinite(high.value) ? interpolate(low, high) : low.step + 0.1 * (high.step - low.step);
    if (bracketed && std::abs(high.step - low.step) <= 1e-12 * std::max(1.0, low.step)) break;
  }
  // No point is flat enough: the lowest one still goes down.
  if (low.step == 0) return {point, false};
  return {point.step == low.step ? point : evaluate(low.step), true};
}

}  // namespace enxerto
