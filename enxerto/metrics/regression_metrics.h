#pragma once
#include <cstddef>
#include <vector>

#include "enxerto/base/tensor.h"
#include "enxerto/metrics/interval.h"

namespace enxerto {

/// How far predictions of one number are off, in its unit.
struct ValueErrors {
  Estimate mae;             ///< mean absolute error
  Estimate rmse;            ///< root of the mean squared error
  double r2 = 0;            ///< share of the variance that is explained; NaN where all targets are equal
  double baseline = 0;      ///< what one says who has no picture: the mean
  double baseline_mae = 0;  ///< errors of saying that
  double baseline_rmse = 0;
};

/// How well a network predicts numbers, as plain data; NaN where nothing was seen.
struct RegressionReport {
  std::size_t examples = 0;
  double mean_r2 = 0;  ///< plain mean over the values whose targets differ
  std::vector<ValueErrors> per_value;
};

/// All that is reported of it. Intervals are 95 %, from the normal approximation for the mean of the absolute and of
/// the squared errors; not a number for a single example. Keeps 8 bytes an example and value.
class RegressionMetrics {
 public:
  /// `baseline`: what is said without a picture, e.g. the means of the training part; empty: the means of what is
  /// evaluated, which no constant beats in squared error. Throws Error{usage} where its number is another.
  explicit RegressionMetrics(std::size_t values, std::vector<double> baseline = {});

  /// `predictions` and `targets` are (N, values) of float32. Throws Error{data} where the sizes differ or a number is
  /// not finite, and then counts nothing of the batch.
  void update(const Tensor& predictions, const Tensor& targets);

  RegressionReport value() const;

  void reset();

 private:
  ValueErrors errors_of(std::size_t value) const;

  std::size_t values_;
  std::vector<double> baseline_;
  std::vector<float> predictions_, targets_;
};

}  // namespace enxerto
