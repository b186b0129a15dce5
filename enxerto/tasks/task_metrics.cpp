#include "enxerto/tasks/task_metrics.h"

#include <fmt/format.h>

#include <algorithm>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

Tensor class_batch(const Dataset& dataset, std::span<const std::size_t> positions) {
  std::vector<std::int64_t> labels;
  for (const std::size_t position : positions) {
    labels.push_back(class_number(dataset.target(position)));
    if (labels.back() >= 0) continue;
    throw Error(ErrorKind::data, {.where = dataset.get(position)->id(),
                                  .found = "no class is known of it",
                                  .expected = "a labelled picture",
                                  .tip = ""});
  }
  return Tensor::of<std::int64_t>({static_cast<std::int64_t>(labels.size())}, labels);
}

std::variant<ClassificationMetrics, MultiLabelMetrics, RegressionMetrics> metrics_for(std::string_view targets,
                                                                                      std::size_t width,
                                                                                      std::vector<double> baseline) {
  if (targets == kMultiLabelTarget) return MultiLabelMetrics(width);
  if (targets == kRegressionTarget) return RegressionMetrics(width, std::move(baseline));
  return ClassificationMetrics(width);
}

struct Monitored {
  double operator()(const ClassificationReport& report) const { return report.accuracy.value; }
  double operator()(const MultiLabelReport& report) const { return report.mean_average_precision; }
  double operator()(const RegressionReport& report) const { return report.mean_r2; }
};

}  // namespace

Tensor target_batch(const Dataset& dataset, std::span<const std::size_t> positions) {
  if (dataset.info().target.kind == kClassTarget) return class_batch(dataset, positions);
  const auto rows = static_cast<std::int64_t>(positions.size());
  const std::size_t width = dataset.info().target.names.size();
  TensorBuffer buffer(DType::f32, {rows, static_cast<std::int64_t>(width)});
  const std::span<float> to = buffer.as<float>();
  for (std::size_t i = 0; i < positions.size(); ++i) {
    const Tensor target = dataset.target(positions[i]);
    const auto targets = target.as<float>();
    if (targets.size() != width)
      throw Error(ErrorKind::data, {.where = dataset.get(positions[i])->id(),
                                    .found = fmt::format("{} targets", targets.size()),
                                    .expected = fmt::format("{}", width),
                                    .tip = ""});
    std::copy(targets.begin(), targets.end(), to.begin() + static_cast<std::ptrdiff_t>(i * width));
  }
  return std::move(buffer).freeze();
}

TaskMetrics::TaskMetrics(const Task& task, std::size_t width, std::vector<double> baseline)
    : metrics_(metrics_for(task.targets, width, std::move(baseline))) {}

void TaskMetrics::update(const Tensor& outputs, const Tensor& targets) {
  std::visit([&](auto& metrics) { metrics.update(outputs, targets); }, metrics_);
}

MetricsReport TaskMetrics::value() const {
  return std::visit([](const auto& metrics) -> MetricsReport { return metrics.value(); }, metrics_);
}

void TaskMetrics::reset() {
  std::visit([](auto& metrics) { metrics.reset(); }, metrics_);
}

double monitored(const MetricsReport& report) { return std::visit(Monitored{}, report); }

}  // namespace enxerto
