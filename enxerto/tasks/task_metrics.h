#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/data/dataset.h"
#include "enxerto/metrics/metrics_report.h"
#include "enxerto/tasks/task.h"

namespace enxerto {

/// What the examples at `positions` should be answered with: (n) of int64 for classes, (n, width) of float32 for labels
/// (0 or 1) and values. Throws Error{data} for an example without a label.
Tensor target_batch(const Dataset& dataset, std::span<const std::size_t> positions);

/// The metrics that go with a task.
class TaskMetrics {
 public:
  /// `width`: classes, labels or values. `baseline`: of `RegressionMetrics`.
  TaskMetrics(const Task& task, std::size_t width, std::vector<double> baseline = {});

  /// `outputs` is (N, width) of float32; `targets` as `target_batch` gives them. Throws Error{data}.
  void update(const Tensor& outputs, const Tensor& targets);

  MetricsReport value() const;

  void reset();

 private:
  std::variant<ClassificationMetrics, MultiLabelMetrics, RegressionMetrics> metrics_;
};

/// The figure that tells the best epoch, the higher the better: "accuracy", "mean_average_precision",
/// "r2" (mean over the values), as `Task::monitor` names it. May be NaN.
double monitored(const MetricsReport& report);

}  // namespace enxerto
