#pragma once
#include <string>
#include <vector>

#include "enxerto/metrics/confusion_matrix.h"
#include "enxerto/metrics/metric.h"

namespace enxerto {

/// What the confusion matrix of a classifier says: the matrix, the table "per_class" (precision, recall, F1, support;
/// not a number where a class has no examples to tell it by),
/// and their plain means over the classes that have examples or were predicted ("macro.precision", ..).
class ClassScores final : public Metric {
 public:
  explicit ClassScores(std::vector<std::string> names) : confusion_(names.size()), names_(std::move(names)) {}

  /// Of the probabilities (N, classes).
  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override { confusion_.reset(); }

 private:
  ConfusionMatrix confusion_;
  std::vector<std::string> names_;
};

}  // namespace enxerto
