#include "enxerto/metrics/confusion_matrix.h"

#include <fmt/format.h>

#include <algorithm>

#include "enxerto/base/error.h"
#include "enxerto/metrics/labelled_scores.h"

namespace enxerto {
namespace {

std::size_t cell_count(std::size_t classes) {
  constexpr std::size_t kMostClasses = 46340;
  if (classes == 0 || classes > kMostClasses)
    throw data_error("confusion matrix", fmt::format("{} classes", classes), fmt::format("1 to {}", kMostClasses));
  return classes * classes;
}

}  // namespace

ConfusionMatrix::ConfusionMatrix(std::size_t classes) : classes_(classes), cells_(cell_count(classes)) {}

void ConfusionMatrix::update(const Tensor& scores, const Tensor& labels) {
  const LabelledScores batch = labelled_scores(scores, labels);
  if (batch.classes != classes_)
    throw data_error("confusion matrix", fmt::format("scores of {} classes", batch.classes),
                     fmt::format("{}", classes_));
  for (std::size_t i = 0; i < batch.size(); ++i) ++cells_[batch.label(i) * classes_ + highest(batch.row(i))];
}

std::vector<std::vector<std::size_t>> ConfusionMatrix::value() const {
  std::vector<std::vector<std::size_t>> rows(classes_);
  for (std::size_t k = 0; k < classes_; ++k) {
    const auto begin = cells_.begin() + static_cast<std::ptrdiff_t>(k * classes_);
    rows[k].assign(begin, begin + static_cast<std::ptrdiff_t>(classes_));
  }
  return rows;
}

void ConfusionMatrix::reset() { std::fill(cells_.begin(), cells_.end(), std::size_t{0}); }

}  // namespace enxerto
