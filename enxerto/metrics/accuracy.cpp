#include "enxerto/metrics/accuracy.h"

#include "enxerto/metrics/labelled_scores.h"

namespace enxerto {

void Accuracy::update(const Tensor& scores, const Tensor& labels) {
  const LabelledScores batch = labelled_scores(scores, labels);
  for (std::size_t i = 0; i < batch.size(); ++i) right_ += highest(batch.row(i)) == batch.label(i) ? 1 : 0;
  seen_ += batch.size();
}

double Accuracy::value() const { return static_cast<double>(right_) / static_cast<double>(seen_); }

Interval Accuracy::interval() const { return wilson_interval(right_, seen_); }

void Accuracy::reset() { *this = {}; }

}  // namespace enxerto
