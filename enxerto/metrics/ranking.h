#pragma once
#include <cstdint>
#include <span>

#include "enxerto/metrics/interval.h"

namespace enxerto {

/// Area under the precision-recall curve as a sum of steps, as scikit-learn's `average_precision_score`: equal scores
/// count together. `truths` are 0 or 1, one a score. NaN without a positive.
double average_precision(std::span<const float> scores, std::span<const std::uint8_t> truths);

/// Area under the receiver operating characteristic: how often a positive has a higher score than a negative, ties
/// counting half, with its 95 % interval (`roc_area_interval`). NaN without a positive or without a negative.
Estimate roc_auc(std::span<const float> scores, std::span<const std::uint8_t> truths);

}  // namespace enxerto
