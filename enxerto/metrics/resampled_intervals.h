#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// How often figures are drawn anew; of more examples they are not: it would take seconds, and intervals are narrow.
inline constexpr std::size_t kResamples = 200, kMostResampled = 2000;

/// 95 % intervals by the bootstrap over examples (Efron 1979, percentiles): the middle of what `figures` are of
/// `resamples` draws of as many examples, each of which counts as often as `weights` says. Draws of which a figure is
/// not a number are left out of it; NaN where none is left, nothing for fewer than `kLeastForInterval` examples. The
/// same on any machine.
std::vector<Interval> resampled_intervals(
    std::size_t examples, std::size_t resamples,
    const std::function<std::vector<double>(std::span<const std::uint32_t> weights)>& figures);

/// Those draws themselves, without what is not a number: of each figure its values.
std::vector<std::vector<double>> resampled_figures(
    std::size_t examples, std::size_t resamples,
    const std::function<std::vector<double>(std::span<const std::uint32_t> weights)>& figures);

/// Between what 2.5 and 97.5 % of the values are below; NaN of none.
Interval middle_of(std::vector<double> values);

}  // namespace enxerto
