#pragma once
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// How well one class or label is found. A share of nothing is 0, as in scikit-learn.
struct PrecisionRecall {
  double precision = 0;     ///< right among the examples that were taken for it
  double recall = 0;        ///< right among the examples that have it
  double f1 = 0;            ///< harmonic mean of both
  std::size_t support = 0;  ///< examples that have it
};

/// A share of one label or class of which there was nothing to tell by.
inline constexpr double kNotTested = std::numeric_limits<double>::quiet_NaN();

/// How often a class or label was said rightly, was said, and was there.
struct FoundCounts {
  std::size_t right = 0, said = 0, there = 0;

  PrecisionRecall scores() const;
};

/// Plain means over those that were there or were said; `support` is the sum.
PrecisionRecall macro_average(std::span<const FoundCounts> counts);

/// Adds "macro.precision", "macro.recall", "macro.f1" and "macro.support" for the group "macro", shown as "F1, mean
/// over classes" where `what` is ", mean over classes".
void add_scores(MetricsReport& report, std::string_view group, const PrecisionRecall& scores, std::string_view what);

}  // namespace enxerto
