#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/metrics/class_scores.h"
#include "enxerto/metrics/classification_metrics.h"
#include "enxerto/metrics/interval.h"

namespace enxerto {

/// How well one label is found.
struct LabelScores {
  ClassScores scores;            ///< at the threshold; `support`: examples that have the label
  double average_precision = 0;  ///< over all thresholds; NaN where no example has the label
  double roc_auc = 0;            ///< NaN where all examples have it, or none
};

/// How well a network names any number of labels, as plain data; NaN where nothing was seen.
struct MultiLabelReport {
  std::size_t examples = 0;
  double threshold = 0.5;             ///< a label is named from this probability on
  Share subset_accuracy;              ///< examples of which every label is right
  double log_loss = 0;                ///< mean over examples and labels of the binary cross-entropy, nats
  double mean_average_precision = 0;  ///< mean over the labels that some example has
  double mean_roc_auc = 0;            ///< mean over the labels that some examples have and some have not
  ClassScores macro;                  ///< means over the labels that some example has or that were named
  ClassScores micro;                  ///< over all pairs of example and label
  std::vector<LabelScores> per_label;
};

/// All that is reported of it, from probabilities of which each stands for itself. Keeps 5 bytes an example and label.
class MultiLabelMetrics {
 public:
  explicit MultiLabelMetrics(std::size_t labels, double threshold = 0.5);

  /// `probabilities` and `targets` (0 or 1) are (N, labels) of float32. Throws Error{data} where the sizes differ, a
  /// probability or a target is out of range, and then counts nothing of the batch.
  void update(const Tensor& probabilities, const Tensor& targets);

  MultiLabelReport value() const;

  void reset();

 private:
  std::vector<float> column(std::size_t label) const;
  std::vector<std::uint8_t> truths(std::size_t label) const;

  std::size_t labels_;
  double threshold_;
  std::vector<float> probabilities_;
  std::vector<std::uint8_t> targets_;
};

}  // namespace enxerto
