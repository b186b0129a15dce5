#pragma once
#include <cstddef>
#include <limits>
#include <span>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// What there is too little to say.
inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Fewer examples say too little for an interval: both sides are NaN.
inline constexpr std::size_t kLeastForInterval = 5;

/// 95 % Wilson score interval of the share `right` / `seen` (Wilson 1927). `right` is at most `seen`.
Interval wilson_interval(std::size_t right, std::size_t seen);

/// The same of a share that so many independent examples would say as surely, a whole number of them or not: those of
/// a sample in clusters, by its variance (Kish 1965).
Interval wilson_interval_of(double share, double effective);

/// The mean with its 95 % interval by Student's t (Student 1908). The mean of nothing is NaN.
Estimate estimated_mean(std::span<const double> values);

/// So many of so many.
struct Proportion {
  std::size_t right = 0, seen = 0;
};

/// The plain mean of independent shares, with the 95 % interval that their Wilson intervals give it (the method of
/// variance estimates recovery, Zou and Donner 2008): within 0 and 1, and of some width where every share is 0 or 1.
Estimate mean_of_shares(std::span<const Proportion> shares);

/// 95 % interval of an area under the ROC curve of `positives` and `negatives` examples: those areas whose own variance
/// (Hanley and McNeil 1982) reaches to the one that was measured (Newcombe 2006, part 2, method 5): within 0 and 1, and
/// of some width at 1.
Interval roc_area_interval(double area, std::size_t positives, std::size_t negatives);

/// How much wider an interval is that few groups say, than one of as many as one likes: Student's quantile beside the
/// normal one, and the deviation of a sample beside that of the whole.
double few_groups_factor(std::size_t groups);

/// Where the standard normal distribution reaches the probability `p`; NaN unless it is between 0 and 1.
double normal_quantile(double p);

}  // namespace enxerto
