#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "enxerto/metrics/metric.h"

namespace enxerto {

/// How far predictions of numbers are off, in their units: the table "per_value" (mean absolute error, root mean
/// squared error, R2, and the errors of always predicting the mean), and "r2", the plain mean over the values whose
/// targets differ; of a single value its errors too ("mae", "rmse", "baseline_mae"). Intervals are 95 %, by
/// Student's t for the mean of the absolute and of the squared errors (`estimated_mean`), and by the bootstrap over
/// examples for "r2" (`resampled_intervals`; of up to 200,000 numbers, where it is done in no time).
/// Keeps 8 bytes an example and value.
class ValueErrors final : public Metric {
 public:
  /// `baseline`: what is always predicted without an input, e.g. the means of the training part; empty: the means of
  /// what is evaluated, which no constant beats in squared error. Throws Error{usage} where its number is another.
  explicit ValueErrors(std::vector<std::string> names, std::vector<double> baseline = {});

  /// Predictions (under "probabilities") and targets are (N, values) of float32.
  void update(const TensorMap& outputs, const TensorMap& targets) override;
  void report(MetricsReport& report) const override;
  void reset() override;
  void leave_out_intervals() override { has_intervals_ = false; }

 private:
  struct Errors;
  Errors errors_of(std::size_t value) const;
  Scatter scatter_of(std::size_t value) const;
  double explained(std::size_t value, std::span<const std::uint32_t> weights) const;
  double mean_explained(std::span<const std::uint32_t> weights) const;
  std::optional<Interval> explained_interval() const;

  std::vector<std::string> names_;
  std::vector<double> baseline_;
  std::vector<float> predictions_, targets_;
  bool has_intervals_ = true;
};

}  // namespace enxerto
