#pragma once
#include <string>
#include <string_view>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// A section for each table of figures, the hardest rows first: shares as bars, numbers with their intervals.
std::string tables_sections(const MetricsReport& report);

/// The HTML of a cell ("<td ..>..") with the name of its column, which narrow screens show above it.
std::string named_cell(std::string_view cell, std::string_view column);

}  // namespace enxerto
