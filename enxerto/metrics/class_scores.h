#pragma once
#include <cstddef>
#include <vector>

#include "enxerto/metrics/confusion_matrix.h"

namespace enxerto {

/// How well one class is found. A share of nothing is 0, as in scikit-learn.
struct ClassScores {
  double precision = 0;     ///< right among the examples that were taken for this class
  double recall = 0;        ///< right among the examples of this class
  double f1 = 0;            ///< harmonic mean of both
  std::size_t support = 0;  ///< examples of this class
};

std::vector<ClassScores> class_scores(const ConfusionMatrix& confusion);

/// Plain means over the classes that have examples or were predicted; `support` is the sum.
ClassScores macro_average(const std::vector<ClassScores>& scores, const ConfusionMatrix& confusion);

}  // namespace enxerto
