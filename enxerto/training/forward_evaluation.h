#pragma once
#include <memory>
#include <span>

#include "enxerto/graph/graph.h"
#include "enxerto/metrics/batch_metric.h"
#include "enxerto/training/batch_source.h"

namespace enxerto {

/// Mean loss, by weight, over the examples of `source` of a graph whose first output is the loss, by the forward engine in fp32;
/// `metrics` are reset, then updated with its outputs. NaN for no examples.
double forward_loss(const Graph& learner, BatchSource& source, std::span<const std::shared_ptr<BatchMetric>> metrics,
                    int threads = 0);

}  // namespace enxerto
