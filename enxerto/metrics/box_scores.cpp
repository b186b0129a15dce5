#include "enxerto/metrics/box_scores.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

#include "enxerto/metrics/interval.h"
#include "enxerto/metrics/resampled_intervals.h"

namespace enxerto {
namespace {

MetricTable empty_class_table() {
  return {.name = "per_class",
          .title = "Class by class",
          .note = "AP and AR as COCO defines them: mean over overlaps of 0.5 to 0.95; AP50 at 0.5.",
          .columns = {{.name = "class", .title = "class"},
                      {.name = "ap", .title = "AP", .share = true},
                      {.name = "ap50", .title = "AP50", .share = true},
                      {.name = "ar100", .title = "AR", .share = true},
                      {.name = "support", .title = "boxes"}},
          .rows = {},
          .hardest = 1};
}

double mean_of(const std::array<double, CocoEvaluation::kThresholds>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// AP and AP50 of examples that count so often.
std::array<double, 2> weighted_figures(const CocoEvaluation& evaluation, std::size_t classes,
                                       std::span<const std::uint32_t> weights) {
  double all = 0, half = 0;
  std::size_t known = 0;
  for (std::size_t label = 0; label < classes; ++label) {
    if (evaluation.truths(label) == 0) continue;
    const auto curve = evaluation.curve(label, CocoEvaluation::Area::all, CocoEvaluation::kMost.back(), weights);
    if (std::isnan(curve.precision[0])) continue;
    all += mean_of(curve.precision);
    half += curve.precision[0];
    ++known;
  }
  const auto count = static_cast<double>(known);
  return {all / count, half / count};
}

void add_curves(const CocoEvaluation& evaluation, MetricsReport& report) {
  constexpr double kStep = 0.01;
  for (const auto& [name, threshold] : {std::pair{"AP50", 0U}, {"AP75", 5U}}) {
    Scatter curve{.name = name, .points = {}};
    const std::vector<double> precisions = evaluation.mean_precisions(threshold);
    for (std::size_t r = 0; r < precisions.size(); ++r)
      curve.points.emplace_back(static_cast<double>(r) * kStep, precisions[r]);
    if (!curve.points.empty()) report.curves.push_back(std::move(curve));
  }
}

}  // namespace

std::array<Interval, 2> bootstrap_intervals(const CocoEvaluation& evaluation, std::size_t classes,
                                            std::size_t resamples) {
  const std::vector<Interval> intervals =
      resampled_intervals(evaluation.examples(), resamples, [&](std::span<const std::uint32_t> weights) {
        const auto figures = weighted_figures(evaluation, classes, weights);
        return std::vector<double>(figures.begin(), figures.end());
      });
  return intervals.empty() ? std::array<Interval, 2>{{{kNan, kNan}, {kNan, kNan}}}
                           : std::array<Interval, 2>{intervals[0], intervals[1]};
}

void BoxScores::update(const TensorMap& outputs, const TensorMap& targets) {
  for (const BoxedExample& example : read_(outputs, targets)) {
    evaluation_.add(example);
    voc_.add(example);
    mistakes_.add(example);
  }
}

void BoxScores::report(MetricsReport& report) const {
  CocoEvaluation sorted = evaluation_;
  sorted.sort();
  const std::array<double, kCocoFigures.size()> figures = sorted.figures();
  const std::size_t resamples = sorted.examples() <= kMostResampled ? kResamples : 0;
  const auto intervals = bootstrap_intervals(sorted, names_.size(), resamples);
  for (std::size_t i = 0; i < figures.size(); ++i) {
    MetricValue value{
        .name = std::string(kCocoFigures[i].name), .value = figures[i], .title = std::string(kCocoFigures[i].title)};
    if (i < intervals.size() && !std::isnan(intervals[i].low)) value.interval = intervals[i];
    report.values.push_back(std::move(value));
  }
  MetricTable table = empty_class_table();
  for (std::size_t label = 0; label < names_.size(); ++label) {
    const auto curve = sorted.curve(label, CocoEvaluation::Area::all, CocoEvaluation::kMost.back());
    table.rows.push_back({names_[label], mean_of(curve.precision), curve.precision[0], mean_of(curve.recall),
                          std::uint64_t{evaluation_.truths(label)}});
  }
  report.tables.push_back(std::move(table));
  const VocEvaluation::Figures voc = voc_.mean();
  report.values.push_back({.name = "voc_ap", .value = voc.area, .title = "AP, VOC (area)"});
  report.values.push_back({.name = "voc_ap_2007", .value = voc.eleven, .title = "AP, VOC 2007 (11 points)"});
  const CocoEvaluation::BestScore best = sorted.best_score();
  report.values.push_back({.name = "best_f1", .value = best.f1, .title = "highest F1"});
  report.values.push_back({.name = "best_threshold", .value = best.score, .share = false, .title = "its threshold"});
  report.tables.push_back(mistakes_.table(best.score));
  report.confusion = mistakes_.confusion(names_);
  add_curves(sorted, report);
}

}  // namespace enxerto
