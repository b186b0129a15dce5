#include "enxerto/metrics/balanced_accuracy.h"

#include <algorithm>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/metrics/class_numbers.h"
#include "enxerto/metrics/labelled_scores.h"

namespace enxerto {

void BalancedAccuracy::update(const TensorMap& outputs, const TensorMap& targets) {
  const Tensor labels = class_numbers(targets.at(kTarget));
  const LabelledScores batch = labelled_scores(outputs.at(kProbabilities), labels);
  if (batch.classes != classes_.size())
    throw data_error("balanced accuracy", fmt::format("scores of {} classes", batch.classes),
                     fmt::format("{}", classes_.size()));
  for (std::size_t i = 0; i < batch.size(); ++i) {
    Proportion& recognised = classes_[batch.label(i)];
    ++recognised.seen;
    recognised.right += highest(batch.row(i)) == batch.label(i) ? 1 : 0;
  }
}

void BalancedAccuracy::report(MetricsReport& report) const {
  std::vector<Proportion> there;
  std::vector<std::size_t> counts;
  for (const Proportion& one : classes_) {
    if (one.seen > 0) there.push_back(one);
    counts.push_back(one.seen);
  }
  const Estimate mean = mean_of_shares(there);
  MetricValue figure{.name = "balanced_accuracy", .value = mean.value, .interval = mean.interval};
  figure.shown = imbalanced(counts);
  if (!there.empty())
    figure.baseline = {.value = 1 / static_cast<double>(there.size()), .name = "always predicting one class"};
  report.values.push_back(std::move(figure));
}

bool imbalanced(std::span<const std::size_t> counts) {
  constexpr double kUneven = 1.5;
  double sum = 0, there = 0, largest = 0;
  for (const std::size_t count : counts) {
    sum += static_cast<double>(count);
    there += count > 0 ? 1 : 0;
    largest = std::max(largest, static_cast<double>(count));
  }
  return there > 0 && largest > kUneven * sum / there;
}

}  // namespace enxerto
