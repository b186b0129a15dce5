#pragma once
#include <string>

#include "enxerto/report/run_report.h"

namespace enxerto {

/// Each phase with its curves of loss and accuracy over the epochs, training beside validation, and what they say.
std::string phases_section(const RunReport& report);

}  // namespace enxerto
