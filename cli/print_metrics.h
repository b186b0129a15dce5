#pragma once
#include <string>
#include <vector>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto::cli {

/// "87.3 % (95 % interval 86.1 to 88.4)".
std::string share_text(const Share& share);

/// "3.21 (95 % interval 2.9 to 3.5)".
std::string estimate_text(const Estimate& estimate);

/// The figure by which a model of its task is judged, in one line: accuracy, mean average precision, error or R2.
std::string summary_text(const MetricsReport& metrics);

/// Accuracy, top-5 where there are more than five classes, log loss, and a table of the classes; mean average
/// precision, share of pictures with every label right, F1, and a table of the labels; or a table of the values with
/// their errors beside those of saying the mean.
void print_metrics(const MetricsReport& metrics, const std::vector<std::string>& classes);

}  // namespace enxerto::cli
