#pragma once
#include <cstddef>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// 95 % Wilson score interval of the share `right` / `seen` (Wilson 1927). `right` is at most `seen`.
Interval wilson_interval(std::size_t right, std::size_t seen);

}  // namespace enxerto
