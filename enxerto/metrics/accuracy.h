#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "enxerto/metrics/metric.h"

namespace enxerto {

/// "accuracy", with its 95 % Wilson score interval (Wilson 1927): the share of examples whose highest score, the first
/// of equal ones, is at the true class. Its baseline is the share of the most frequent class among them.
class Accuracy final : public Metric {
 public:
  /// `names` of the classes, for the baseline's.
  explicit Accuracy(std::vector<std::string> names = {}) : names_(std::move(names)) {}

  /// Of the logits where they are there, (N, classes) or one sigmoid unit (N, 1), which says class 1 above 0; else of
  /// the probabilities (N, classes). Targets as `class_numbers` takes them.
  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override {
    right_ = seen_ = 0;
    there_.clear();
  }

 private:
  std::optional<Baseline> most_frequent() const;

  std::vector<std::string> names_;
  std::size_t right_ = 0, seen_ = 0;
  std::vector<std::size_t> there_;  // examples by true class
};

}  // namespace enxerto
