#pragma once
#include <cstdint>
#include <span>

#include "enxerto/base/rows.h"
#include "enxerto/heads/softmax_regression.h"
#include "enxerto/metrics/metric_set.h"

namespace enxerto {

/// Softmax over each row of (N, classes) scores.
Tensor softmax_rows(const Tensor& scores);

/// What `metrics` say of a linear head on rows of features, a block of rows at a time.
MetricsReport head_metrics(const LinearClassifier& classifier, const Rows& rows, std::span<const std::int64_t> labels,
                           MetricSet metrics, int threads);

}  // namespace enxerto
