#include "enxerto/metrics/metric_set.h"

#include <algorithm>

namespace enxerto {
namespace {

bool contains(std::span<const std::string> names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

void MetricSet::keep(std::span<const std::string> figures) {
  const MetricsReport all = report();
  for (const std::string& figure : figures) (void)all[figure];
  std::erase_if(metrics_, [&](const std::unique_ptr<Metric>& metric) {
    MetricsReport one;
    metric->report(one);
    return std::ranges::none_of(one.values, [&](const MetricValue& value) { return contains(figures, value.name); });
  });
  leave_out_intervals();
  kept_.assign(figures.begin(), figures.end());
}

void MetricSet::update(const TensorMap& outputs, const TensorMap& targets) {
  for (const auto& metric : metrics_) metric->update(outputs, targets);
  const Shape& shape = targets.at(kTarget).shape();
  examples_ += shape.empty() ? 0 : static_cast<std::size_t>(shape.front());
}

MetricsReport MetricSet::report() const {
  MetricsReport report;
  report.examples = examples_;
  for (const auto& metric : metrics_) metric->report(report);
  if (kept_.empty()) return report;
  std::erase_if(report.values, [&](const MetricValue& value) { return !contains(kept_, value.name); });
  report.tables.clear();
  report.confusion.reset();
  report.scatters.clear();
  report.roc.clear();
  return report;
}

void MetricSet::leave_out_intervals() {
  for (const std::unique_ptr<Metric>& metric : metrics_) metric->leave_out_intervals();
}

std::string MetricSet::remark() const {
  for (const auto& metric : metrics_)
    if (std::string remark = metric->remark(); !remark.empty()) return remark;
  return {};
}

void MetricSet::reset() {
  for (const auto& metric : metrics_) metric->reset();
  examples_ = 0;
}

}  // namespace enxerto
