#include "enxerto/metrics/value_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/metrics/interval.h"
#include "enxerto/metrics/labelled_targets.h"
#include "enxerto/metrics/resampled_intervals.h"

namespace enxerto {
namespace {

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

constexpr std::size_t kMostDrawn = 200'000;  // numbers that draws are made of

Estimate not_below_zero(Estimate estimate) {
  estimate.interval.low = std::max(estimate.interval.low, 0.0);
  return estimate;
}

/// The root of the mean of their squares, with the interval of the bootstrap over examples: squares are skewed, so that
/// one by Student would reach below 0.
Estimate root_mean_square(const std::vector<double>& errors, bool has_interval) {
  const auto figure = [&](std::span<const std::uint32_t> weights) {
    double count = 0, squares = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      count += weights[i];
      squares += weights[i] * errors[i] * errors[i];
    }
    return std::vector<double>{std::sqrt(squares / count)};
  };
  Interval interval{kNan, kNan};
  if (has_interval && errors.size() >= kLeastForInterval && errors.size() <= kMostDrawn)
    interval = resampled_intervals(errors.size(), kResamples, figure).front();
  return {figure(std::vector<std::uint32_t>(errors.size(), 1)).front(), interval};
}

MetricTable empty_table() {
  return {.name = "per_value",
          .title = "Value by value",
          .note = "Mean absolute and root mean squared error; \"its\": those of always predicting the training mean.",
          .columns = {{.name = "label", .title = "value"},
                      {.name = "mae", .title = "MAE"},
                      {.name = "rmse", .title = "RMSE"},
                      {.name = "r2", .title = "R²"},
                      {.name = "baseline", .title = "training mean"},
                      {.name = "baseline_mae", .title = "its MAE"},
                      {.name = "baseline_rmse", .title = "its RMSE"}},
          .rows = {}};
}

MetricValue error_value(std::string name, const Estimate& error, std::string title) {
  return {.name = std::move(name),
          .value = error.value,
          .interval = error.interval,
          .higher_is_better = false,
          .share = false,
          .title = std::move(title)};
}

}  // namespace

struct ValueErrors::Errors {
  Estimate mae, rmse;
  double r2 = 0;        ///< share of the variance that is explained; NaN where all targets are equal
  double baseline = 0;  ///< what is predicted without an input: the mean
  double baseline_mae = 0, baseline_rmse = 0;
};

ValueErrors::ValueErrors(std::vector<std::string> names, std::vector<double> baseline)
    : names_(std::move(names)), baseline_(std::move(baseline)) {
  if (!baseline_.empty() && baseline_.size() != names_.size())
    throw usage_error("metrics of values", fmt::format("{} means to compare with", baseline_.size()),
                      fmt::format("{}, one per value", names_.size()));
}

void ValueErrors::update(const TensorMap& outputs, const TensorMap& targets) {
  const LabelledTargets batch = labelled_targets(outputs.at(kProbabilities), targets.at(kTarget), names_.size());
  predictions_.insert(predictions_.end(), batch.answers.begin(), batch.answers.end());
  targets_.insert(targets_.end(), batch.targets.begin(), batch.targets.end());
}

ValueErrors::Errors ValueErrors::errors_of(std::size_t value) const {
  std::vector<double> truths, absolute, baseline_absolute, baseline_squared;
  for (std::size_t i = value; i < targets_.size(); i += names_.size()) {
    const double truth = static_cast<double>(targets_[i]), error = static_cast<double>(predictions_[i]) - truth;
    truths.push_back(truth);
    absolute.push_back(std::abs(error));
  }
  const double mean = mean_of(truths);
  Errors errors;
  errors.baseline = baseline_.empty() ? mean : baseline_[value];
  for (const double truth : truths) {
    baseline_absolute.push_back(std::abs(truth - errors.baseline));
    baseline_squared.push_back((truth - errors.baseline) * (truth - errors.baseline));
  }
  errors.mae = not_below_zero(estimated_mean(absolute));
  errors.rmse = root_mean_square(absolute, has_intervals_);
  errors.r2 = explained(value, std::vector<std::uint32_t>(truths.size(), 1));
  errors.baseline_mae = mean_of(baseline_absolute);
  errors.baseline_rmse = std::sqrt(mean_of(baseline_squared));
  return errors;
}

/// R2 of examples that count so often; NaN where their targets are all equal.
double ValueErrors::explained(std::size_t value, std::span<const std::uint32_t> weights) const {
  double count = 0, sum = 0, missed = 0, varied = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    count += weights[i];
    sum += weights[i] * static_cast<double>(targets_[i * names_.size() + value]);
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::size_t at = i * names_.size() + value;
    const double truth = static_cast<double>(targets_[at]), error = static_cast<double>(predictions_[at]) - truth;
    missed += weights[i] * error * error;
    varied += weights[i] * (truth - sum / count) * (truth - sum / count);
  }
  return varied > 0 ? 1 - missed / varied : kNan;
}

/// Over the values whose targets differ.
double ValueErrors::mean_explained(std::span<const std::uint32_t> weights) const {
  double sum = 0, count = 0;
  for (std::size_t value = 0; value < names_.size(); ++value) {
    const double one = explained(value, weights);
    if (std::isnan(one)) continue;
    sum += one;
    count += 1;
  }
  return sum / count;
}

std::optional<Interval> ValueErrors::explained_interval() const {
  if (targets_.size() > kMostDrawn || !has_intervals_) return std::nullopt;
  const std::vector<Interval> found = resampled_intervals(
      targets_.size() / names_.size(), kResamples,
      [&](std::span<const std::uint32_t> weights) { return std::vector<double>{mean_explained(weights)}; });
  return found.empty() ? Interval{kNan, kNan} : found.front();
}

Scatter ValueErrors::scatter_of(std::size_t value) const {
  constexpr std::size_t kMostPoints = 500;
  Scatter scatter{.name = names_[value], .points = {}};
  const std::size_t examples = targets_.size() / names_.size(), step = (examples + kMostPoints - 1) / kMostPoints;
  for (std::size_t i = 0; i < examples; i += step) {
    const std::size_t at = i * names_.size() + value;
    scatter.points.emplace_back(targets_[at], predictions_[at]);
  }
  return scatter;
}

void ValueErrors::report(MetricsReport& report) const {
  MetricTable table = empty_table();
  Errors one;
  for (std::size_t value = 0; value < names_.size(); ++value) {
    one = errors_of(value);
    table.rows.push_back({names_[value], one.mae, one.rmse, one.r2, one.baseline, one.baseline_mae, one.baseline_rmse});
  }
  const double r2 = mean_explained(std::vector<std::uint32_t>(targets_.size() / names_.size(), 1));
  const bool single = names_.size() == 1;
  if (single) {
    MetricValue error = error_value("mae", one.mae, "mean absolute error");
    if (!targets_.empty())
      error.baseline = {
          .value = one.baseline_mae,
          .name = baseline_.empty() ? "always predicting the mean" : "always predicting the training mean"};
    report.values.push_back(std::move(error));
  }
  report.values.push_back({.name = "r2",
                           .value = r2,
                           .interval = explained_interval(),
                           .share = false,
                           .title = single ? "R²" : "R², mean over values"});
  if (single) {
    report.values.push_back(error_value("rmse", one.rmse, "root mean squared error"));
    report.values.push_back(
        {.name = "baseline_mae", .value = one.baseline_mae, .higher_is_better = false, .share = false, .shown = false});
  }
  // The name under which programs have always read "r2".
  report.values.push_back({.name = "mean_r2", .value = r2, .share = false, .shown = false});
  report.tables.push_back(std::move(table));
  for (std::size_t value = 0; value < names_.size(); ++value) report.scatters.push_back(scatter_of(value));
}

void ValueErrors::reset() {
  predictions_.clear();
  targets_.clear();
}

}  // namespace enxerto
