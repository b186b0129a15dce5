#include "enxerto/report/headline.h"

#include <fmt/format.h>

#include <cmath>

#include "enxerto/report/format.h"

namespace enxerto {
namespace {

constexpr std::size_t kTopOf = 5;

std::string decimal(double value) { return std::isfinite(value) ? fmt::format("{:.4f}", value) : "–"; }

std::string share_interval(const Interval& interval) {
  return fmt::format("{} to {}", percent(interval.low), percent(interval.high));
}

std::string measured_interval(const Interval& interval) {
  return std::isfinite(interval.low) ? fmt::format("{} to {}", measure(interval.low), measure(interval.high)) : "";
}

Headline of(const ClassificationReport& metrics) {
  Headline headline{.main = {percent(metrics.accuracy.value), "accuracy"},
                    .interval = share_interval(metrics.accuracy.interval),
                    .share = metrics.accuracy,
                    .second = {decimal(metrics.log_loss), "log loss"},
                    .others = {}};
  std::vector<Figure>& others = headline.others;
  if (metrics.per_class.size() > kTopOf) others.push_back({percent(metrics.top5.value), "true class among the top 5"});
  others.push_back({decimal(metrics.log_loss), "log loss"});
  if (metrics.roc_auc) others.push_back({decimal(metrics.roc_auc->value), "ROC AUC"});
  others.push_back({percent(metrics.macro.f1), "F1, mean over classes"});
  others.push_back({percent(metrics.macro.recall), "recall, mean over classes"});
  others.push_back({grouped(metrics.per_class.size()), "classes"});
  others.push_back({grouped(metrics.examples), "pictures evaluated"});
  return headline;
}

Headline of(const MultiLabelReport& metrics) {
  return {.main = {percent(metrics.mean_average_precision), "mean average precision"},
          .interval = "",
          .share = std::nullopt,
          .second = {decimal(metrics.log_loss), "log loss"},
          .others = {
              {percent(metrics.subset_accuracy.value),
               fmt::format("every label right (95 % interval {})", share_interval(metrics.subset_accuracy.interval))},
              {percent(metrics.micro.f1), fmt::format("F1 at {:g}, all labels together", metrics.threshold)},
              {percent(metrics.macro.f1), fmt::format("F1 at {:g}, mean over labels", metrics.threshold)},
              {decimal(metrics.mean_roc_auc), "ROC AUC, mean over labels"},
              {decimal(metrics.log_loss), "log loss"},
              {grouped(metrics.per_label.size()), "labels"},
              {grouped(metrics.examples), "pictures evaluated"}}};
}

Headline of(const RegressionReport& metrics) {
  Headline headline;
  if (metrics.per_value.size() == 1) {
    const ValueErrors& errors = metrics.per_value.front();
    headline.main = {measure(errors.mae.value), "mean absolute error"};
    headline.interval = measured_interval(errors.mae.interval);
    headline.second = {decimal(errors.r2), "R²"};
    headline.others = {{measure(errors.rmse.value), "root mean squared error"},
                       {decimal(errors.r2), "R²"},
                       {measure(errors.baseline_mae), "mean absolute error of saying the mean"}};
  } else {
    headline.main = {decimal(metrics.mean_r2), "R², mean over values"};
    headline.second = {grouped(metrics.per_value.size()), "values"};
    headline.others = {{grouped(metrics.per_value.size()), "values"}};
  }
  headline.others.push_back({grouped(metrics.examples), "pictures evaluated"});
  return headline;
}

}  // namespace

Headline headline_of(const MetricsReport& report) {
  return std::visit([](const auto& metrics) { return of(metrics); }, report);
}

}  // namespace enxerto
