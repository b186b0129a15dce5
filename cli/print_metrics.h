#pragma once
#include <string>
#include <vector>

#include "enxerto/metrics/classification_metrics.h"

namespace enxerto::cli {

/// "87.3 % (95 % interval 86.1 to 88.4)".
std::string share_text(const Share& share);

/// Accuracy, top-5 where there are more than five classes, log loss, and a table of the classes.
void print_metrics(const ClassificationReport& metrics, const std::vector<std::string>& classes);

}  // namespace enxerto::cli
