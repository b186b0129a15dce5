#pragma once
#include "enxerto/graph/graph.h"
#include "enxerto/metrics/metric_set.h"
#include "enxerto/training/batch_source.h"

namespace enxerto {

/// Mean loss, by weight, over the examples of `source` of a graph whose first output is the loss, by the forward engine
/// in fp32; `metrics` are reset, then updated with its outputs. NaN for no examples.
double forward_loss(const Graph& learner, BatchSource& source, MetricSet& metrics, int threads = 0);

}  // namespace enxerto
