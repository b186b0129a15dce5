#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/metrics/metric.h"

namespace enxerto {

/// How well a network names any number of labels, from probabilities of which each stands for itself:
/// "mean_average_precision" and "mean_roc_auc" (means over the labels of which they are known), "d_prime" (of that mean
/// area: how many deviations apart two normal distributions of scores would be), "lwlrap" (label-weighted label-ranking
/// average precision: how high the labels of each example stand among its scores; scikit-learn's
/// label_ranking_average_precision_score, where an example counts as often as it has labels), "log_loss" (mean over
/// examples and labels of the binary cross-entropy, nats), "subset_accuracy" (examples of which every label is right),
/// at the threshold "micro.f1", .. (over all pairs of example and label) and "macro.f1", .. (means over the labels that
/// some example has or that were named), and the table "per_label". Keeps 5 bytes an example and label.
class LabelScores final : public Metric {
 public:
  /// A label is named from the probability `threshold` on. Throws Error{usage} where that is not 0 to 1.
  explicit LabelScores(std::vector<std::string> names, double threshold = 0.5);

  /// Probabilities and targets (0 or 1) are (N, labels) of float32.
  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override;

 private:
  std::vector<float> column(std::size_t label) const;
  std::vector<std::uint8_t> truths(std::size_t label) const;

  std::vector<std::string> names_;
  double threshold_;
  std::vector<float> probabilities_;
  std::vector<std::uint8_t> targets_;
};

}  // namespace enxerto
