#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "enxerto/metrics/interval.h"

namespace enxerto {

/// A pair of one of the folds that a protocol has shared its pairs out to.
struct FoldedPair {
  float distance = 0;  ///< squared, of two vectors of length 1: 2 - 2 cos
  bool same = false;
  std::size_t fold = 0;
};

/// Each fold measured at the threshold that was best on the others.
struct FoldedFigures {
  std::vector<double> accuracies, thresholds;  ///< by fold
  double accuracy = kNan;                      ///< their mean
  double standard_error = kNan;  ///< of that mean, as Labeled Faces in the Wild defines it: deviation / sqrt(folds)
  double true_accept_rate = kNan, false_accept_rate = kNan;  ///< means over the folds, for the rate that was wanted
};

/// View 2 of Labeled Faces in the Wild, as the script of facenet (`calculate_roc`, `calculate_val`) does it: a pair is
/// the same where its distance is below the threshold; thresholds are 0, 0.01 .. 3.99, of which the lowest of the best
/// is taken, and, for a wanted rate of false accepts, on the line between two of 0, 0.001 .. 3.999. Not a number where
/// there are no two folds.
FoldedFigures folded_figures(std::span<const FoldedPair> pairs, double wanted_false_accept_rate);

}  // namespace enxerto
