#pragma once
#include <string>
#include <vector>

#include "enxerto/metrics/metrics_report.h"

namespace enxerto {

/// A share as a bar and a number, as a cell of a table.
std::string share_cell(double share);

/// Average precision, precision, recall and F1 of each label, the hardest first.
std::string labels_section(const MultiLabelReport& metrics, const std::vector<std::string>& labels);

/// Errors of each value with their intervals, beside those of saying the mean.
std::string values_section(const RegressionReport& metrics, const std::vector<std::string>& labels);

}  // namespace enxerto
