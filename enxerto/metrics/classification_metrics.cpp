#include "enxerto/metrics/classification_metrics.h"

namespace enxerto {

void ClassificationMetrics::update(const Tensor& probabilities, const Tensor& labels) {
  LogLoss next = log_loss_;
  next.update(probabilities, labels);
  confusion_.update(probabilities, labels);  // together these two check all that the others do
  log_loss_ = next;
  accuracy_.update(probabilities, labels);
  top5_.update(probabilities, labels);
  if (confusion_.classes() == 2) roc_auc_.update(probabilities, labels);
  seen_ += labels.size();
}

ClassificationReport ClassificationMetrics::value() const {
  ClassificationReport report;
  report.examples = seen_;
  report.accuracy = {accuracy_.value(), accuracy_.interval()};
  report.top5 = {top5_.value(), top5_.interval()};
  report.log_loss = log_loss_.value();
  report.per_class = class_scores(confusion_);
  report.macro = macro_average(report.per_class, confusion_);
  report.confusion = confusion_.value();
  if (confusion_.classes() == 2) report.roc_auc = roc_auc_.value();
  return report;
}

void ClassificationMetrics::reset() { *this = ClassificationMetrics(confusion_.classes()); }

}  // namespace enxerto
