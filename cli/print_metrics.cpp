#include "print_metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/core.h>

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

}  // namespace

std::string share_text(const Share& share) {
  return fmt::format("{:.2f} % (95 % interval {:.2f} to {:.2f})", share.value * 100, share.interval.low * 100,
                     share.interval.high * 100);
}

void print_metrics(const ClassificationReport& metrics, const std::vector<std::string>& classes) {
  fmt::print("accuracy  {}, {} pictures\n", share_text(metrics.accuracy), metrics.examples);
  if (classes.size() > kTopOf) fmt::print("top-5     {}\n", share_text(metrics.top5));
  fmt::print("log loss  {:.4f}\n", metrics.log_loss);
  std::vector<std::size_t> order(classes.size());
  std::iota(order.begin(), order.end(), 0U);
  if (classes.size() > kClassesShown) {
    fmt::print("the {} classes with the lowest F1 of {}:\n", kClassesShown, classes.size());
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return metrics.per_class[a].f1 < metrics.per_class[b].f1; });
    order.resize(kClassesShown);
  }
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

}  // namespace enxerto::cli
