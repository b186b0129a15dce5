#pragma once
#include <string>

#include "enxerto/report/run_report.h"

namespace enxerto {

/// Each phase with its curves of the loss and of what else was measured over the epochs, training beside validation,
/// and what they say.
std::string phases_section(const RunReport& report);

}  // namespace enxerto
