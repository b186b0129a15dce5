#include "enxerto/metrics/multi_label_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "enxerto/base/error.h"
#include "enxerto/metrics/labelled_targets.h"
#include "enxerto/metrics/ranking.h"

namespace enxerto {
namespace {

constexpr double kEpsilon = static_cast<double>(std::numeric_limits<float>::epsilon());

/// How often a label was named rightly, was named, and was there.
struct Counts {
  std::size_t right = 0, named = 0, there = 0;

  ClassScores scores() const {
    const auto share = [](std::size_t part, std::size_t whole) {
      return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
    };
    return {share(right, named), share(right, there), share(2 * right, named + there), there};
  }
};

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
    throw Error(ErrorKind::data, {.where = "metrics of labels",
                                  .found = fmt::format("the probability {}", *wrong),
                                  .expected = "0 to 1",
                                  .tip = "apply the sigmoid to the logits first"});
  const auto odd =
      std::find_if(batch.targets.begin(), batch.targets.end(), [](float t) { return t != 0.0F && t != 1.0F; });
  if (odd != batch.targets.end())
    throw Error(
        ErrorKind::data,
        {.where = "metrics of labels", .found = fmt::format("the target {}", *odd), .expected = "0 or 1", .tip = ""});
}

ClassScores macro_of(const std::vector<LabelScores>& labels, const std::vector<Counts>& counts) {
  ClassScores mean;
  double present = 0;
  for (std::size_t l = 0; l < labels.size(); ++l) {
    if (counts[l].there == 0 && counts[l].named == 0) continue;
    const ClassScores& one = labels[l].scores;
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

}  // namespace

MultiLabelMetrics::MultiLabelMetrics(std::size_t labels, double threshold) : labels_(labels), threshold_(threshold) {
  if (!(threshold >= 0 && threshold <= 1))
    throw Error(ErrorKind::usage, {.where = "the threshold of labels",
                                   .found = fmt::format("is {}", threshold),
                                   .expected = "0 to 1",
                                   .tip = ""});
}

void MultiLabelMetrics::update(const Tensor& probabilities, const Tensor& targets) {
  const LabelledTargets batch = labelled_targets(probabilities, targets, labels_);
  check_range(batch);
  probabilities_.insert(probabilities_.end(), batch.answers.begin(), batch.answers.end());
  for (const float target : batch.targets) targets_.push_back(target > 0 ? 1 : 0);
}

std::vector<float> MultiLabelMetrics::column(std::size_t label) const {
  std::vector<float> column;
  for (std::size_t i = label; i < probabilities_.size(); i += labels_) column.push_back(probabilities_[i]);
  return column;
}

std::vector<std::uint8_t> MultiLabelMetrics::truths(std::size_t label) const {
  std::vector<std::uint8_t> truths;
  for (std::size_t i = label; i < targets_.size(); i += labels_) truths.push_back(targets_[i]);
  return truths;
}

MultiLabelReport MultiLabelMetrics::value() const {
  MultiLabelReport report;
  report.examples = labels_ == 0 ? 0 : targets_.size() / labels_;
  report.threshold = threshold_;
  std::vector<Counts> counts(labels_);
  std::size_t all_right = 0;
  double loss = 0;
  for (std::size_t i = 0; i < report.examples; ++i) {
    bool right = true;
    for (std::size_t l = 0; l < labels_; ++l) {
      const double probability = static_cast<double>(probabilities_[i * labels_ + l]);
      const bool there = targets_[i * labels_ + l] == 1, named = probability >= threshold_;
      counts[l].right += there && named ? 1 : 0;
      counts[l].named += named ? 1 : 0;
      counts[l].there += there ? 1 : 0;
      right = right && there == named;
      loss -= std::log(std::clamp(there ? probability : 1 - probability, kEpsilon, 1 - kEpsilon));
    }
    all_right += right ? 1 : 0;
  }
  Counts total;
  Mean precision, area;
  for (std::size_t l = 0; l < labels_; ++l) {
    total = {total.right + counts[l].right, total.named + counts[l].named, total.there + counts[l].there};
    const auto scores = column(l);
    const auto truth = truths(l);
    report.per_label.push_back({counts[l].scores(), average_precision(scores, truth), roc_auc(scores, truth).value});
    precision.add(report.per_label.back().average_precision);
    area.add(report.per_label.back().roc_auc);
  }
  const double examples = static_cast<double>(report.examples);
  report.subset_accuracy = {static_cast<double>(all_right) / examples, wilson_interval(all_right, report.examples)};
  report.log_loss = loss / (examples * static_cast<double>(labels_));
  report.mean_average_precision = precision.value();
  report.mean_roc_auc = area.value();
  report.macro = macro_of(report.per_label, counts);
  report.micro = total.scores();
  return report;
}

void MultiLabelMetrics::reset() { *this = MultiLabelMetrics(labels_, threshold_); }

}  // namespace enxerto
