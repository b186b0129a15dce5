#include "enxerto/metrics/label_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/metrics/interval.h"
#include "enxerto/metrics/labelled_targets.h"
#include "enxerto/metrics/precision_recall.h"
#include "enxerto/metrics/ranking.h"

namespace enxerto {
namespace {

constexpr double kEpsilon = static_cast<double>(std::numeric_limits<float>::epsilon());

/// The mean of what is a number; NaN where nothing is.
class Mean {
 public:
  void add(double value) {
    if (std::isnan(value)) return;
    sum_ += value;
    ++count_;
  }
  double value() const { return sum_ / static_cast<double>(count_); }

 private:
  double sum_ = 0;
  std::size_t count_ = 0;
};

void check_range(const LabelledTargets& batch) {
  const auto wrong =
      std::find_if(batch.answers.begin(), batch.answers.end(), [](float p) { return p < 0.0F || p > 1.0F + 1e-5F; });
  if (wrong != batch.answers.end())
    throw data_error("metrics of labels", fmt::format("the probability {}", *wrong), "0 to 1",
                     "apply the sigmoid to the logits first");
  const auto odd =
      std::find_if(batch.targets.begin(), batch.targets.end(), [](float t) { return t != 0.0F && t != 1.0F; });
  if (odd != batch.targets.end()) throw data_error("metrics of labels", fmt::format("the target {}", *odd), "0 or 1");
}

/// What one look at every pair of example and label gives.
struct Pairs {
  std::vector<FoundCounts> labels;
  FoundCounts all;
  std::size_t all_right = 0;  ///< examples
  double loss = 0;            ///< sum
};

Pairs count_pairs(std::span<const float> probabilities, std::span<const std::uint8_t> targets, std::size_t labels,
                  double threshold) {
  Pairs pairs{.labels = std::vector<FoundCounts>(labels), .all = {}};
  for (std::size_t begin = 0; begin < targets.size(); begin += labels) {
    bool right = true;
    for (std::size_t l = 0; l < labels; ++l) {
      const double probability = static_cast<double>(probabilities[begin + l]);
      const bool there = targets[begin + l] == 1, named = probability >= threshold;
      FoundCounts& counts = pairs.labels[l];
      counts.right += there && named ? 1 : 0;
      counts.said += named ? 1 : 0;
      counts.there += there ? 1 : 0;
      right = right && there == named;
      pairs.loss -= std::log(std::clamp(there ? probability : 1 - probability, kEpsilon, 1 - kEpsilon));
    }
    pairs.all_right += right ? 1 : 0;
  }
  for (const FoundCounts& one : pairs.labels)
    pairs.all = {pairs.all.right + one.right, pairs.all.said + one.said, pairs.all.there + one.there};
  return pairs;
}

/// The mean over all labels that examples have of the share of labels among those that stand as high or higher.
double ranking_of_labels(std::span<const float> probabilities, std::span<const std::uint8_t> targets,
                         std::size_t labels) {
  double sum = 0, count = 0;
  for (std::size_t begin = 0; begin < targets.size(); begin += labels) {
    const auto truths = targets.subspan(begin, labels);
    const auto there = static_cast<double>(std::ranges::count(truths, 1));
    if (there > 0) sum += there * average_precision(probabilities.subspan(begin, labels), truths);
    count += there;
  }
  return sum / count;
}

MetricTable empty_table(double threshold) {
  return {.name = "per_label",
          .title = "Label by label",
          .note = fmt::format("Precision, recall and F1 where a label is assigned if its probability is at least {:g}.",
                              threshold),
          .columns = {{.name = "label", .title = "label"},
                      {.name = "average_precision", .title = "average precision", .share = true},
                      {.name = "precision", .title = "precision", .share = true},
                      {.name = "recall", .title = "recall", .share = true},
                      {.name = "f1", .title = "F1", .share = true},
                      {.name = "roc_auc", .title = "ROC AUC"},
                      {.name = "support", .title = "examples"}},
          .rows = {},
          .hardest = 1};
}

}  // namespace

LabelScores::LabelScores(std::vector<std::string> names, double threshold)
    : names_(std::move(names)), threshold_(threshold) {
  if (!(threshold >= 0 && threshold <= 1))
    throw usage_error("the threshold of labels", fmt::format("is {}", threshold), "0 to 1");
}

void LabelScores::update(const TensorMap& outputs, const TensorMap& targets) {
  const LabelledTargets batch = labelled_targets(outputs.at(kProbabilities), targets.at(kTarget), names_.size());
  check_range(batch);
  probabilities_.insert(probabilities_.end(), batch.answers.begin(), batch.answers.end());
  for (const float target : batch.targets) targets_.push_back(target > 0 ? 1 : 0);
}

std::vector<float> LabelScores::column(std::size_t label) const {
  std::vector<float> column;
  for (std::size_t i = label; i < probabilities_.size(); i += names_.size()) column.push_back(probabilities_[i]);
  return column;
}

std::vector<std::uint8_t> LabelScores::truths(std::size_t label) const {
  std::vector<std::uint8_t> truths;
  for (std::size_t i = label; i < targets_.size(); i += names_.size()) truths.push_back(targets_[i]);
  return truths;
}

void LabelScores::report(MetricsReport& report) const {
  const std::size_t labels = names_.size(), examples = labels == 0 ? 0 : targets_.size() / labels;
  const Pairs pairs = count_pairs(probabilities_, targets_, labels, threshold_);
  MetricTable table = empty_table(threshold_);
  const double count = static_cast<double>(examples);
  Mean precision, area, frequency;
  bool said_for_nothing = false;
  for (std::size_t l = 0; l < labels; ++l) {
    const auto scores = column(l);
    const auto truth = truths(l);
    const double label_precision = average_precision(scores, truth), label_area = roc_auc(scores, truth).value;
    precision.add(label_precision);
    area.add(label_area);
    if (pairs.labels[l].there > 0) frequency.add(static_cast<double>(pairs.labels[l].there) / count);
    PrecisionRecall found = pairs.labels[l].scores();
    const FoundCounts& counts = pairs.labels[l];
    if (counts.there == 0) found.recall = found.f1 = kNotTested;
    if (counts.there + counts.said == 0) found.precision = kNotTested;
    said_for_nothing = said_for_nothing || (counts.there == 0 && counts.said > 0);
    table.rows.push_back({names_[l], label_precision, found.precision, found.recall, found.f1, label_area,
                          std::uint64_t{found.support}});
  }
  if (said_for_nothing)
    table.note += " A label without examples that was predicted counts as 0 in the means over labels.";
  MetricValue mean{.name = "mean_average_precision", .value = precision.value(), .title = "mean average precision"};
  if (!std::isnan(mean.value)) mean.baseline = {.value = frequency.value(), .name = "a random order"};
  report.values.push_back(std::move(mean));
  report.values.push_back({.name = "log_loss",
                           .value = pairs.loss / (count * static_cast<double>(labels)),
                           .higher_is_better = false,
                           .share = false,
                           .title = "log loss"});
  report.values.push_back({.name = "subset_accuracy",
                           .value = static_cast<double>(pairs.all_right) / count,
                           .interval = wilson_interval(pairs.all_right, examples),
                           .title = "exact match"});
  add_scores(report, "micro", pairs.all.scores(), fmt::format(" at {:g}, all labels together", threshold_));
  add_scores(report, "macro", macro_average(pairs.labels), fmt::format(" at {:g}, mean over labels", threshold_));
  report.values.push_back(
      {.name = "mean_roc_auc", .value = area.value(), .share = false, .title = "ROC AUC, mean over labels"});
  report.values.push_back({.name = "lwlrap",
                           .value = ranking_of_labels(probabilities_, targets_, labels),
                           .title = "label ranking precision",
                           .shown = false});
  // An area of 0 or 1 would be infinitely far.
  if (const double mean_area = area.value(); mean_area > 0 && mean_area < 1)
    report.values.push_back({.name = "d_prime",
                             .value = std::numbers::sqrt2 * normal_quantile(mean_area),
                             .share = false,
                             .title = "d'",
                             .shown = false});
  report.values.push_back({.name = "threshold", .value = threshold_, .share = false, .shown = false});
  report.tables.push_back(std::move(table));
}

void LabelScores::reset() {
  probabilities_.clear();
  targets_.clear();
}

}  // namespace enxerto
