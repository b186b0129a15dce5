#pragma once
#include <cstddef>
#include <string>

#include "enxerto/metrics/metrics_report.h"
#include "enxerto/training/best_so_far.h"

namespace enxerto {

/// "val_accuracy 66.7 % (val_loss 0.9088)", and of several folds ", the mean of 2 folds" behind it: one notion,
/// wherever it is told. The loss decides between equals, and between phases that monitor different figures. `measured`
/// says which figures are shares.
std::string score_words(const Score& score, const MetricsReport& measured, std::size_t folds = 1);

}  // namespace enxerto
