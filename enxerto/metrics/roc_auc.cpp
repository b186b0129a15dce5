#include "enxerto/metrics/roc_auc.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/metrics/class_numbers.h"
#include "enxerto/metrics/labelled_scores.h"
#include "enxerto/metrics/ranking.h"

namespace enxerto {

void RocAuc::update(const TensorMap& outputs, const TensorMap& targets) {
  const Tensor labels = class_numbers(targets.at(kTarget));
  const LabelledScores batch = labelled_scores(outputs.at(kProbabilities), labels);
  if (batch.classes != 2) throw data_error("ROC AUC", fmt::format("{} classes", batch.classes), "2");
  for (std::size_t i = 0; i < batch.size(); ++i) {
    scores_.push_back(batch.row(i)[1]);
    truths_.push_back(batch.label(i) == 1 ? 1 : 0);
  }
}

void RocAuc::report(MetricsReport& report) const {
  const Estimate area = roc_auc(scores_, truths_);
  report.values.push_back({.name = "roc_auc",
                           .value = area.value,
                           .interval = area.interval,
                           .share = false,
                           .bounded = true,
                           .title = "ROC AUC"});
}

}  // namespace enxerto
