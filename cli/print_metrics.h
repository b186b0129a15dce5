#pragma once
#include <string>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto::cli {

/// "87.30 % (95 % interval 86.10 to 88.40)" of a share, else "3.21 (95 % interval 2.9 to 3.5)".
std::string figure_text(const MetricValue& figure);

/// The figure that a reader looks for first, in one line: "accuracy 87.30 % (95 % interval 86.10 to 88.40)".
std::string summary_text(const MetricsReport& metrics);

/// Every figure on its own line, then the tables, of many rows the hardest only. Classes of a confusion matrix come
/// with the class that they are most often mistaken for.
void print_metrics(const MetricsReport& metrics);

}  // namespace enxerto::cli
