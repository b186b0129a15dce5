#pragma once
#include <string>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// A section for each table of figures, the hardest rows first: shares as bars, numbers with their intervals.
std::string tables_sections(const MetricsReport& report);

}  // namespace enxerto
