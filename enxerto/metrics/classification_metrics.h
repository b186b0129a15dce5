#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/metrics/accuracy.h"
#include "enxerto/metrics/class_scores.h"
#include "enxerto/metrics/confusion_matrix.h"
#include "enxerto/metrics/interval.h"
#include "enxerto/metrics/log_loss.h"
#include "enxerto/metrics/roc_auc.h"
#include "enxerto/metrics/top_k_accuracy.h"

namespace enxerto {

/// A share of examples with its 95 % interval.
struct Share {
  double value = 0;
  Interval interval;
};

/// How well a classifier does on a data set, as plain data; shares and losses are NaN where no example was seen.
struct ClassificationReport {
  std::size_t examples = 0;
  Share accuracy;
  Share top5;
  double log_loss = 0;
  ClassScores macro;                                ///< means over the classes that have examples or were predicted
  std::vector<ClassScores> per_class;               ///< by class index
  std::vector<std::vector<std::size_t>> confusion;  ///< row: true class; column: predicted class
  std::optional<Estimate> roc_auc = {};             ///< of two classes, the second being the positive one
};

/// All that is reported of a classifier, in one pass over its probabilities.
class ClassificationMetrics {
 public:
  explicit ClassificationMetrics(std::size_t classes) : confusion_(classes) {}

  /// `probabilities` is (N, classes) of float32, `labels` is (N) of int64. Throws Error{data} where the sizes differ or
  /// a probability is out of range, and then counts nothing of the batch.
  void update(const Tensor& probabilities, const Tensor& labels);

  ClassificationReport value() const;

  void reset();

 private:
  std::size_t seen_ = 0;
  Accuracy accuracy_;
  TopKAccuracy top5_{5};
  LogLoss log_loss_;
  ConfusionMatrix confusion_;
  RocAuc roc_auc_;  ///< of two classes only
};

}  // namespace enxerto
