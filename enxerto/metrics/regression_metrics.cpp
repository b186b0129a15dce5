#include "enxerto/metrics/regression_metrics.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "enxerto/base/error.h"
#include "enxerto/metrics/labelled_targets.h"

namespace enxerto {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kZ = 1.959963984540054;  // 97.5 % quantile of the normal distribution

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// The mean with its 95 % interval by the normal approximation.
Estimate estimated_mean(const std::vector<double>& values) {
  const double count = static_cast<double>(values.size());
  const double mean = mean_of(values);
  if (values.size() < 2) return {mean, {kNan, kNan}};
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double half = kZ * std::sqrt(squares / (count - 1) / count);
  return {mean, {mean - half, mean + half}};
}

Estimate not_below_zero(Estimate estimate) {
  if (estimate.interval.low < 0) estimate.interval.low = 0;
  return estimate;
}

Estimate root(const Estimate& squared) {
  return {std::sqrt(squared.value), {std::sqrt(squared.interval.low), std::sqrt(squared.interval.high)}};
}

}  // namespace

RegressionMetrics::RegressionMetrics(std::size_t values, std::vector<double> baseline)
    : values_(values), baseline_(std::move(baseline)) {
  if (!baseline_.empty() && baseline_.size() != values_)
    throw Error(ErrorKind::usage, {.where = "metrics of values",
                                   .found = fmt::format("{} means to compare with", baseline_.size()),
                                   .expected = fmt::format("{}, one a value", values_),
                                   .tip = ""});
}

void RegressionMetrics::update(const Tensor& predictions, const Tensor& targets) {
  const LabelledTargets batch = labelled_targets(predictions, targets, values_);
  predictions_.insert(predictions_.end(), batch.answers.begin(), batch.answers.end());
  targets_.insert(targets_.end(), batch.targets.begin(), batch.targets.end());
}

ValueErrors RegressionMetrics::errors_of(std::size_t value) const {
  std::vector<double> truths, absolute, squared, baseline_absolute, baseline_squared, deviations;
  for (std::size_t i = value; i < targets_.size(); i += values_) {
    const double truth = static_cast<double>(targets_[i]), error = static_cast<double>(predictions_[i]) - truth;
    truths.push_back(truth);
    absolute.push_back(std::abs(error));
    squared.push_back(error * error);
  }
  const double mean = mean_of(truths);
  ValueErrors errors;
  errors.baseline = baseline_.empty() ? mean : baseline_[value];
  for (const double truth : truths) {
    deviations.push_back((truth - mean) * (truth - mean));
    baseline_absolute.push_back(std::abs(truth - errors.baseline));
    baseline_squared.push_back((truth - errors.baseline) * (truth - errors.baseline));
  }
  errors.mae = not_below_zero(estimated_mean(absolute));
  errors.rmse = root(not_below_zero(estimated_mean(squared)));
  const double variance = mean_of(deviations);
  errors.r2 = variance > 0 ? 1 - mean_of(squared) / variance : kNan;
  errors.baseline_mae = mean_of(baseline_absolute);
  errors.baseline_rmse = std::sqrt(mean_of(baseline_squared));
  return errors;
}

RegressionReport RegressionMetrics::value() const {
  RegressionReport report;
  report.examples = values_ == 0 ? 0 : targets_.size() / values_;
  double sum = 0, count = 0;
  for (std::size_t value = 0; value < values_; ++value) {
    report.per_value.push_back(errors_of(value));
    if (std::isnan(report.per_value.back().r2)) continue;
    sum += report.per_value.back().r2;
    count += 1;
  }
  report.mean_r2 = sum / count;
  return report;
}

void RegressionMetrics::reset() { *this = RegressionMetrics(values_, baseline_); }

}  // namespace enxerto
