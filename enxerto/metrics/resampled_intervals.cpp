#include "enxerto/metrics/resampled_intervals.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "enxerto/base/rng.h"
#include "enxerto/metrics/interval.h"

namespace enxerto {
namespace {

/// The value below which so large a share of them lies.
double percentile(std::vector<double>& values, double share) {
  const auto at = static_cast<std::ptrdiff_t>(std::lround(share * static_cast<double>(values.size() - 1)));
  std::ranges::nth_element(values, values.begin() + at);
  return values[static_cast<std::size_t>(at)];
}

}  // namespace

std::vector<std::vector<double>> resampled_figures(
    std::size_t examples, std::size_t resamples,
    const std::function<std::vector<double>(std::span<const std::uint32_t> weights)>& figures) {
  std::vector<std::vector<double>> drawn;
  for (std::size_t i = 0; i < resamples && examples >= kLeastForInterval; ++i) {
    Rng rng({.seed = 0, .epoch = i, .example = 0, .purpose = "bootstrap"});
    std::vector<std::uint32_t> weights(examples);
    for (std::size_t draw = 0; draw < examples; ++draw) ++weights[rng.below(examples)];
    const std::vector<double> values = figures(weights);
    drawn.resize(values.size());
    for (std::size_t f = 0; f < values.size(); ++f)
      if (!std::isnan(values[f])) drawn[f].push_back(values[f]);
  }
  return drawn;
}

Interval middle_of(std::vector<double> values) {
  constexpr double kLow = 0.025, kHigh = 0.975;
  return values.empty() ? Interval{kNan, kNan} : Interval{percentile(values, kLow), percentile(values, kHigh)};
}

std::vector<Interval> resampled_intervals(
    std::size_t examples, std::size_t resamples,
    const std::function<std::vector<double>(std::span<const std::uint32_t> weights)>& figures) {
  std::vector<Interval> intervals;
  for (std::vector<double>& values : resampled_figures(examples, resamples, figures))
    intervals.push_back(middle_of(std::move(values)));
  return intervals;
}

}  // namespace enxerto
