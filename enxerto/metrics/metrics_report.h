#pragma once
#include <cstddef>
#include <variant>

#include "enxerto/metrics/classification_metrics.h"
#include "enxerto/metrics/multi_label_metrics.h"
#include "enxerto/metrics/regression_metrics.h"

namespace enxerto {

/// How good a network is at its task, whichever that is.
using MetricsReport = std::variant<ClassificationReport, MultiLabelReport, RegressionReport>;

/// Examples that were seen.
inline std::size_t examples_of(const MetricsReport& report) {
  return std::visit([](const auto& one) { return one.examples; }, report);
}

/// The figures of a classification; throws std::bad_variant_access for another task.
inline const ClassificationReport& classification(const MetricsReport& report) {
  return std::get<ClassificationReport>(report);
}

}  // namespace enxerto
