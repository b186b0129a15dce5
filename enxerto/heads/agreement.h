#pragma once
#include "enxerto/base/rows.h"
#include "enxerto/heads/softmax_regression.h"

namespace enxerto {

/// Share of rows whose highest score is that of the same class; with one unit whose score is on the same side of 0.
double equal_classes(const LinearClassifier& layer, const Rows& a, const Rows& b, int threads);

/// Share of scores that are on the same side of 0.
double equal_signs(const LinearClassifier& layer, const Rows& a, const Rows& b, int threads);

/// 1 - the mean squared difference of the scores: of standardised numbers, the share of their variance.
double equal_values(const LinearClassifier& layer, const Rows& a, const Rows& b, int threads);

}  // namespace enxerto
