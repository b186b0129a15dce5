#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/data/dataset.h"
#include "enxerto/metrics/metric.h"
#include "enxerto/tasks/task.h"

namespace enxerto {

/// What the examples at `positions` should be answered with: (n) of int64 for classes, (n, width) of float32 for labels
/// (0 or 1) and values. Throws Error{data} for an example without a label.
Tensor target_batch(const Dataset& dataset, std::span<const std::size_t> positions);

/// The metrics of a task, what a reader looks for first at the front. `names`: of its classes, labels or values.
/// `baseline`: of `ValueErrors`.
std::vector<std::unique_ptr<Metric>> metrics_for(const Task& task, std::vector<std::string> names,
                                                 std::vector<double> baseline = {});

}  // namespace enxerto
