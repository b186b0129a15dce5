#pragma once
#include <string>
#include <string_view>

#include "enxerto/report/run_report.h"

namespace enxerto {

/// One page of HTML with everything in it: no script, no network, light and dark. Every text that comes from outside is
/// escaped. The main figure with its interval, the confusion matrix, tables of figures, search,
/// times, precision, skipped pictures and the recipe; sections without content are left out.
std::string to_html(const RunReport& report);

/// Whether a page was made by `to_html`, of this version or another.
bool is_report_html(std::string_view page);

}  // namespace enxerto
