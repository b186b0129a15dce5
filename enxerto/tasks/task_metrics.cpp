#include "enxerto/tasks/task_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/metrics/accuracy.h"
#include "enxerto/metrics/class_scores.h"
#include "enxerto/metrics/label_scores.h"
#include "enxerto/metrics/log_loss.h"
#include "enxerto/metrics/roc_auc.h"
#include "enxerto/metrics/top_k_accuracy.h"
#include "enxerto/metrics/value_errors.h"

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

std::vector<std::unique_ptr<Metric>> class_metrics(std::vector<std::string> names) {
  const std::size_t classes = names.size();
  std::vector<std::unique_ptr<Metric>> metrics;
  metrics.push_back(std::make_unique<Accuracy>());
  metrics.push_back(std::make_unique<LogLoss>());
  metrics.push_back(std::make_unique<TopKAccuracy>(5, classes));
  if (classes == 2) metrics.push_back(std::make_unique<RocAuc>());
  metrics.push_back(std::make_unique<ClassScores>(std::move(names)));
  return metrics;
}

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

std::vector<std::unique_ptr<Metric>> metrics_for(const Task& task, std::vector<std::string> names,
                                                 std::vector<double> baseline) {
  if (task.targets == kClassTarget) return class_metrics(std::move(names));
  std::vector<std::unique_ptr<Metric>> metrics;
  if (task.targets == kMultiLabelTarget)
    metrics.push_back(std::make_unique<LabelScores>(std::move(names)));
  else
    metrics.push_back(std::make_unique<ValueErrors>(std::move(names), std::move(baseline)));
  return metrics;
}

}  // namespace enxerto
