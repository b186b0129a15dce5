#pragma once
#include <string>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// The confusion matrix, up to 60 classes as a heat map, and the pairs that are most often confused; "" where there is
/// none.
std::string confusion_section(const MetricsReport& report);

}  // namespace enxerto
