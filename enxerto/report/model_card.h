#pragma once
#include <string>

#include "enxerto/report/run_report.h"

namespace enxerto {

/// README.md of a saved model, after "Model Cards for Model Reporting" (Mitchell et al. 2019): what it is, how to use
/// it, how well it does and on what, what it was made from, what it is not for. Every text from outside is escaped.
std::string to_model_card(const RunReport& report);

}  // namespace enxerto
