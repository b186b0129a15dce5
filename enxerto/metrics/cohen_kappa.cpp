#include "enxerto/metrics/cohen_kappa.h"

#include <fmt/format.h>

#include <numeric>

#include "enxerto/base/error.h"
#include "enxerto/metrics/class_numbers.h"
#include "enxerto/metrics/labelled_scores.h"

namespace enxerto {

void CohenKappa::update(const TensorMap& outputs, const TensorMap& targets) {
  const Tensor labels = class_numbers(targets.at(kTarget));
  const LabelledScores batch = labelled_scores(outputs.at(kProbabilities), labels);
  if (batch.classes != there_.size())
    throw data_error("Cohen's kappa", fmt::format("scores of {} classes", batch.classes),
                     fmt::format("{}", there_.size()));
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const std::size_t truth = batch.label(i), said = highest(batch.row(i));
    ++there_[truth];
    ++said_[said];
    right_ += truth == said ? 1 : 0;
  }
  seen_ += static_cast<double>(batch.size());
}

void CohenKappa::report(MetricsReport& report) const {
  const double by_chance = std::inner_product(there_.begin(), there_.end(), said_.begin(), 0.0) / seen_;
  report.values.push_back({.name = "cohen_kappa",
                           .value = (right_ - by_chance) / (seen_ - by_chance),
                           .share = false,
                           .title = "Cohen's kappa"});
}

}  // namespace enxerto
