#include "enxerto/metrics/class_scores.h"

#include "enxerto/metrics/class_numbers.h"
#include "enxerto/metrics/precision_recall.h"

namespace enxerto {
namespace {

FoundCounts counts_of(const ConfusionMatrix& confusion, std::size_t k) {
  FoundCounts counts{.right = confusion.at(k, k)};
  for (std::size_t other = 0; other < confusion.classes(); ++other) {
    counts.said += confusion.at(other, k);
    counts.there += confusion.at(k, other);
  }
  return counts;
}

}  // namespace

void ClassScores::update(const TensorMap& outputs, const TensorMap& targets) {
  confusion_.update(outputs.at(kProbabilities), class_numbers(targets.at(kTarget)));
}

void ClassScores::report(MetricsReport& report) const {
  MetricTable table{.name = "per_class",
                    .title = "Class by class",
                    .note = "",
                    .columns = {{.name = "label", .title = "class"},
                                {.name = "precision", .title = "precision", .share = true},
                                {.name = "recall", .title = "recall", .share = true},
                                {.name = "f1", .title = "F1", .share = true},
                                {.name = "support", .title = "examples"}},
                    .rows = {},
                    .hardest = 3};
  std::vector<FoundCounts> counts;
  for (std::size_t k = 0; k < names_.size(); ++k) {
    counts.push_back(counts_of(confusion_, k));
    PrecisionRecall one = counts.back().scores();
    if (counts.back().there == 0) one.recall = one.f1 = kNotTested;
    if (counts.back().there == 0 && counts.back().said > 0)
      table.note = "A class without examples that was predicted counts as 0 in the means over classes.";
    if (counts.back().there + counts.back().said == 0) one.precision = kNotTested;
    table.rows.push_back({names_[k], one.precision, one.recall, one.f1, std::uint64_t{one.support}});
  }
  add_scores(report, "macro", macro_average(counts), ", mean over classes");
  report.tables.push_back(std::move(table));
  report.confusion = {.names = names_, .counts = confusion_.value()};
}

}  // namespace enxerto
