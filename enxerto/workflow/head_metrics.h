#pragma once
#include <cstdint>
#include <span>

#include "enxerto/base/rows.h"
#include "enxerto/heads/softmax_regression.h"
#include "enxerto/metrics/classification_metrics.h"

namespace enxerto {

/// Softmax over each row of (N, classes) scores.
Tensor softmax_rows(const Tensor& scores);

/// Metrics of a linear head on rows of features, a block of rows at a time.
ClassificationReport classification_report(const LinearClassifier& classifier, const Rows& rows,
                                           std::span<const std::int64_t> labels, std::size_t classes, int threads);

}  // namespace enxerto
