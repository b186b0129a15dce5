#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "enxerto/metrics/batch_metric.h"
#include "enxerto/workflow/network_head.h"

namespace enxerto {

/// What is measured on validation data after each epoch beside the loss: accuracy, mean average precision, or the R2 of
/// standardised values.
std::vector<std::shared_ptr<BatchMetric>> task_metrics(const HeadPlan& plan, std::size_t width);

}  // namespace enxerto
