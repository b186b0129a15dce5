#include "enxerto/metrics/precision_recall.h"

#include <fmt/format.h>

namespace enxerto {

PrecisionRecall FoundCounts::scores() const {
  const auto share = [](std::size_t part, std::size_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  return {share(right, said), share(right, there), share(2 * right, said + there), there};
}

PrecisionRecall macro_average(std::span<const FoundCounts> counts) {
  PrecisionRecall mean;
  double present = 0;
  for (const FoundCounts& count : counts) {
    if (count.there == 0 && count.said == 0) continue;
    const PrecisionRecall one = count.scores();
    present += 1;
    mean.precision += one.precision;
    mean.recall += one.recall;
    mean.f1 += one.f1;
    mean.support += one.support;
  }
  if (present == 0) return mean;
  mean.precision /= present;
  mean.recall /= present;
  mean.f1 /= present;
  return mean;
}

void add_scores(MetricsReport& report, std::string_view group, const PrecisionRecall& scores, std::string_view what) {
  const auto add = [&](std::string_view name, std::string_view title, double value) {
    report.values.push_back(
        {.name = fmt::format("{}.{}", group, name), .value = value, .title = fmt::format("{}{}", title, what)});
  };
  add("precision", "precision", scores.precision);
  add("recall", "recall", scores.recall);
  add("f1", "F1", scores.f1);
  report.values.push_back({.name = fmt::format("{}.support", group),
                           .value = static_cast<double>(scores.support),
                           .share = false,
                           .shown = false});
}

}  // namespace enxerto
