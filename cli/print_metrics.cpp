#include "print_metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include <fmt/core.h>

#include "enxerto/report/format.h"
#include "text.h"

namespace enxerto::cli {
namespace {

constexpr std::size_t kTopOf = 5;
constexpr std::size_t kClassesShown = 30;

/// The class that this one is most often taken for.
std::string taken_for(const std::vector<std::size_t>& row, std::size_t truth, const std::vector<std::string>& classes) {
  std::size_t most = 0, at = truth;
  for (std::size_t c = 0; c < row.size(); ++c) {
    if (c != truth && row[c] > most) {
      most = row[c];
      at = c;
    }
  }
  return most == 0 ? "" : fmt::format("{} ({})", classes.at(at), most);
}

std::string decimal(double value) { return std::isfinite(value) ? fmt::format("{:.3f}", value) : "-"; }

/// All indices below `count`, or those with the lowest F1 where there are too many to read.
template <typename F1>
std::vector<std::size_t> shown(std::size_t count, std::string_view what, F1 f1) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  if (count <= kClassesShown) return order;
  fmt::print("the {} {} with the lowest F1 of {}:\n", kClassesShown, what, count);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return f1(a) < f1(b); });
  order.resize(kClassesShown);
  return order;
}

}  // namespace

std::string share_text(const Share& share) {
  return fmt::format("{:.2f} % (95 % interval {:.2f} to {:.2f})", share.value * 100, share.interval.low * 100,
                     share.interval.high * 100);
}

std::string estimate_text(const Estimate& estimate) {
  if (!std::isfinite(estimate.interval.low)) return measure(estimate.value);
  return fmt::format("{} (95 % interval {} to {})", measure(estimate.value), measure(estimate.interval.low),
                     measure(estimate.interval.high));
}

std::string summary_text(const MetricsReport& metrics) {
  if (const auto* classes = std::get_if<ClassificationReport>(&metrics)) return share_text(classes->accuracy);
  if (const auto* labels = std::get_if<MultiLabelReport>(&metrics))
    return fmt::format("mean average precision {:.2f} %", labels->mean_average_precision * 100);
  const auto& values = std::get<RegressionReport>(metrics);
  if (values.per_value.size() != 1)
    return fmt::format("R2 {:.4f}, mean over {} values", values.mean_r2, values.per_value.size());
  return "mean absolute error " + estimate_text(values.per_value.front().mae);
}

namespace {

void print(const ClassificationReport& metrics, const std::vector<std::string>& classes) {
  fmt::print("accuracy  {}, {} pictures\n", share_text(metrics.accuracy), metrics.examples);
  if (classes.size() > kTopOf) fmt::print("top-5     {}\n", share_text(metrics.top5));
  fmt::print("log loss  {:.4f}\n", metrics.log_loss);
  if (metrics.roc_auc) fmt::print("ROC AUC   {}\n", estimate_text(*metrics.roc_auc));
  const std::vector<std::size_t> order =
      shown(classes.size(), "classes", [&](std::size_t c) { return metrics.per_class[c].f1; });
  std::vector<std::vector<std::string>> rows{
      {"class", "precision", "recall", "F1", "pictures", "most often taken for"}};
  for (const std::size_t c : order) {
    const ClassScores& scores = metrics.per_class[c];
    rows.push_back({classes[c], fmt::format("{:.3f}", scores.precision), fmt::format("{:.3f}", scores.recall),
                    fmt::format("{:.3f}", scores.f1), fmt::format("{}", scores.support),
                    taken_for(metrics.confusion[c], c, classes)});
  }
  fmt::print("{}", table(rows));
}

void print(const MultiLabelReport& metrics, const std::vector<std::string>& labels) {
  fmt::print("mean average precision  {:.2f} %, {} pictures\n", metrics.mean_average_precision * 100, metrics.examples);
  fmt::print("every label right       {}\n", share_text(metrics.subset_accuracy));
  fmt::print("F1 at {:<4g}              {:.2f} % all labels together, {:.2f} % mean over labels\n", metrics.threshold,
             metrics.micro.f1 * 100, metrics.macro.f1 * 100);
  fmt::print("log loss                {:.4f}\n", metrics.log_loss);
  const std::vector<std::size_t> order =
      shown(labels.size(), "labels", [&](std::size_t l) { return metrics.per_label[l].scores.f1; });
  std::vector<std::vector<std::string>> rows{
      {"label", "average precision", "precision", "recall", "F1", "ROC AUC", "pictures"}};
  for (const std::size_t l : order) {
    const LabelScores& one = metrics.per_label[l];
    rows.push_back({labels[l], decimal(one.average_precision), decimal(one.scores.precision),
                    decimal(one.scores.recall), decimal(one.scores.f1), decimal(one.roc_auc),
                    fmt::format("{}", one.scores.support)});
  }
  fmt::print("{}", table(rows));
}

void print(const RegressionReport& metrics, const std::vector<std::string>& values) {
  fmt::print("{} pictures; beside each error, that of saying the mean of all pictures\n", metrics.examples);
  std::vector<std::vector<std::string>> rows{
      {"value", "mean absolute error", "of the mean", "root mean squared error", "of the mean", "R2"}};
  for (std::size_t v = 0; v < values.size(); ++v) {
    const ValueErrors& one = metrics.per_value[v];
    rows.push_back({values[v], estimate_text(one.mae), measure(one.baseline_mae), estimate_text(one.rmse),
                    measure(one.baseline_rmse), decimal(one.r2)});
  }
  fmt::print("{}", table(rows));
}

}  // namespace

void print_metrics(const MetricsReport& metrics, const std::vector<std::string>& classes) {
  std::visit([&](const auto& report) { print(report, classes); }, metrics);
}

}  // namespace enxerto::cli
