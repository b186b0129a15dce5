#include "enxerto/metrics/interval.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace enxerto {
namespace {

constexpr double kZ = 1.959963984540054;  // 97.5 % quantile of the normal distribution
constexpr Interval kUnknown{kNan, kNan};

/// 97.5 % quantile of Student's distribution, from 4 degrees of freedom on right to 1e-3 (Abramowitz and Stegun 1964,
/// 26.7.5).
double student_quantile(double freedom) {
  const double z = kZ, z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z, z9 = z7 * z * z;
  return z + (z3 + z) / 4 / freedom + (5 * z5 + 16 * z3 + 3 * z) / 96 / std::pow(freedom, 2) +
         (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / 384 / std::pow(freedom, 3) +
         (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / 92160 / std::pow(freedom, 4);
}

Interval wilson(double value, double count) {
  const double divisor = 1 + kZ * kZ / count;
  const double centre = (value + kZ * kZ / (2 * count)) / divisor;
  const double half = kZ / divisor * std::sqrt(value * (1 - value) / count + kZ * kZ / (4 * count * count));
  return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

Interval wilson(const Proportion& share) {
  const auto count = static_cast<double>(share.seen);
  return wilson(static_cast<double>(share.right) / count, count);
}

/// Standard error of an area if it were `area`, for samples of the mean size of both.
double error_of_area(double area, double positives, double negatives) {
  const double half = (positives + negatives) / 2 - 1;
  const double inner = 1 + half * (1 - area) / (2 - area) + half * area / (1 + area);
  return std::sqrt(area * (1 - area) * inner / (positives * negatives));
}

}  // namespace

Interval wilson_interval(std::size_t right, std::size_t seen) {
  return seen < kLeastForInterval ? kUnknown : wilson({right, seen});
}

Interval wilson_interval_of(double share, double effective) { return wilson(share, effective); }

Estimate estimated_mean(std::span<const double> values) {
  const double count = static_cast<double>(values.size());
  double sum = 0, squares = 0;
  for (const double value : values) sum += value;
  const double mean = sum / count;
  if (values.size() < kLeastForInterval) return {mean, kUnknown};
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double half = student_quantile(count - 1) * std::sqrt(squares / (count - 1) / count);
  return {mean, {mean - half, mean + half}};
}

double few_groups_factor(std::size_t groups) {
  const auto count = static_cast<double>(groups);
  return student_quantile(count - 1) / kZ * std::sqrt(count / (count - 1));
}

Estimate mean_of_shares(std::span<const Proportion> shares) {
  double sum = 0, below = 0, above = 0;
  std::size_t seen = 0;
  for (const Proportion& share : shares) {
    const double value = static_cast<double>(share.right) / static_cast<double>(share.seen);
    const Interval interval = wilson(share);
    sum += value;
    below += (value - interval.low) * (value - interval.low);
    above += (interval.high - value) * (interval.high - value);
    seen += share.seen;
  }
  const double count = static_cast<double>(shares.size()), mean = sum / count;
  if (seen < kLeastForInterval) return {mean, kUnknown};
  return {mean, {std::max(0.0, mean - std::sqrt(below) / count), std::min(1.0, mean + std::sqrt(above) / count)}};
}

Interval roc_area_interval(double area, std::size_t positives, std::size_t negatives) {
  if (std::isnan(area) || std::min(positives, negatives) < kLeastForInterval) return kUnknown;
  const auto m = static_cast<double>(positives), n = static_cast<double>(negatives);
  // Between an end of 0 to 1, which does not reach `area`, and `area` itself, which does.
  const auto limit = [&](double outside) {
    double inside = area;
    for (int halving = 0; halving < 60; ++halving) {
      const double middle = (outside + inside) / 2;
      (std::abs(area - middle) <= kZ * error_of_area(middle, m, n) ? inside : outside) = middle;
    }
    return inside;
  };
  return {limit(0), limit(1)};
}

double normal_quantile(double p) {
  if (!(p > 0 && p < 1)) return kNan;
  // Halving is slow, and right to the last bit.
  double low = -40, high = 40;
  for (int i = 0; i < 80; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(-middle / std::numbers::sqrt2) / 2 < p ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace enxerto
