#pragma once
#include <string>

#include "enxerto/report/run_report.h"

namespace enxerto {

/// The worst mistakes with their pictures, samples of each class, and what random changes make of one picture; "" where
/// there are none.
std::string previews_sections(const RunReport& report);

}  // namespace enxerto
