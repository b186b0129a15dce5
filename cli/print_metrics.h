#pragma once
#include <string>
#include <string_view>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto::cli {

/// "87.3 % (95 % interval 86.1 % to 88.4 %)" of a share, else "3.21 (95 % interval 2.9 to 3.5)".
std::string figure_text(const MetricValue& figure);

/// The figure that a reader looks for first, in one line: "accuracy 87.3 % (95 % interval 86.1 % to 88.4 %)".
std::string summary_text(const MetricsReport& metrics);

/// The tables, of many rows the hardest only, then every figure on its own line with what it is to be compared with,
/// of so many `examples` ("test picture"). Classes of a confusion matrix come with the class that they are most often
/// mistaken for.
void print_metrics(const MetricsReport& metrics, std::string_view example);

}  // namespace enxerto::cli
