#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/metrics/metric_set.h"

namespace enxerto::testing {

inline TensorMap probabilities(Tensor values) {
  TensorMap outputs;
  outputs.set(std::string(kProbabilities), std::move(values));
  return outputs;
}

inline TensorMap logits(Tensor values) {
  TensorMap outputs;
  outputs.set(std::string(kLogits), std::move(values));
  return outputs;
}

inline TensorMap target(Tensor values) {
  TensorMap targets;
  targets.set(std::string(kTarget), std::move(values));
  return targets;
}

/// What one metric says.
inline MetricsReport report_of(const Metric& metric) {
  MetricsReport report;
  metric.report(report);
  return report;
}

/// "0", "1", ..
inline std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  return names;
}

/// A set of the metrics that are given.
template <typename... Metrics>
MetricSet set_of(Metrics... metrics) {
  std::vector<std::unique_ptr<Metric>> list;
  (list.push_back(std::make_unique<Metrics>(std::move(metrics))), ...);
  return MetricSet(std::move(list));
}

}  // namespace enxerto::testing
