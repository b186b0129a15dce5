#include "enxerto/metrics/roc_auc.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/metrics/labelled_scores.h"
#include "enxerto/metrics/ranking.h"

namespace enxerto {

void RocAuc::update(const Tensor& scores, const Tensor& labels) {
  const LabelledScores batch = labelled_scores(scores, labels);
  if (batch.classes != 2)
    throw Error(ErrorKind::data,
                {.where = "ROC AUC", .found = fmt::format("{} classes", batch.classes), .expected = "2", .tip = ""});
  for (std::size_t i = 0; i < batch.size(); ++i) {
    scores_.push_back(batch.row(i)[1]);
    truths_.push_back(batch.label(i) == 1 ? 1 : 0);
  }
}

Estimate RocAuc::value() const { return roc_auc(scores_, truths_); }

void RocAuc::reset() { *this = {}; }

}  // namespace enxerto
