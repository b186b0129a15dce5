#include "enxerto/metrics/top_k_accuracy.h"

#include <fmt/format.h>

#include "enxerto/metrics/class_numbers.h"
#include "enxerto/metrics/interval.h"
#include "enxerto/metrics/labelled_scores.h"

namespace enxerto {
namespace {

/// How many classes come before the true one.
std::size_t rank(std::span<const float> row, std::size_t label) {
  std::size_t before = 0;
  for (std::size_t k = 0; k < row.size(); ++k) before += row[k] > row[label] || (row[k] == row[label] && k < label);
  return before;
}

}  // namespace

void TopKAccuracy::update(const TensorMap& outputs, const TensorMap& targets) {
  const Tensor labels = class_numbers(targets.at(kTarget));
  const LabelledScores batch = labelled_scores(outputs.at(kProbabilities), labels);
  for (std::size_t i = 0; i < batch.size(); ++i) right_ += rank(batch.row(i), batch.label(i)) < k_ ? 1 : 0;
  seen_ += batch.size();
}

void TopKAccuracy::report(MetricsReport& report) const {
  report.values.push_back({.name = fmt::format("top{}", k_),
                           .value = static_cast<double>(right_) / static_cast<double>(seen_),
                           .interval = wilson_interval(right_, seen_),
                           .title = fmt::format("top-{} accuracy", k_)});
}

}  // namespace enxerto
