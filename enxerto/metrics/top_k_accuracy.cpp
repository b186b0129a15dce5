#include "enxerto/metrics/top_k_accuracy.h"

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

void TopKAccuracy::update(const Tensor& scores, const Tensor& labels) {
  const LabelledScores batch = labelled_scores(scores, labels);
  for (std::size_t i = 0; i < batch.size(); ++i) right_ += rank(batch.row(i), batch.label(i)) < k_ ? 1 : 0;
  seen_ += batch.size();
}

double TopKAccuracy::value() const { return static_cast<double>(right_) / static_cast<double>(seen_); }

Interval TopKAccuracy::interval() const { return wilson_interval(right_, seen_); }

void TopKAccuracy::reset() { right_ = seen_ = 0; }

}  // namespace enxerto
