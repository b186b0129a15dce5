#pragma once
#include <string>

#include "enxerto/report/run_report.h"

namespace enxerto {

/// The main figure in large letters with its interval, the others as tiles; further evaluations in a table.
std::string headline_section(const RunReport& report);

}  // namespace enxerto
