#include "enxerto/metrics/ranking.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "enxerto/metrics/interval.h"

namespace enxerto {
namespace {

/// Goes through the scores from the highest down; `each(positives, negatives)` gets the counts of every group of equal
/// ones.
template <typename Each>
void for_each_group(std::span<const float> scores, std::span<const std::uint8_t> truths, Each each) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    double positives = 0;
    while (end < order.size() && scores[order[end]] == scores[order[begin]]) positives += truths[order[end++]];
    each(positives, static_cast<double>(end - begin) - positives);
  }
}

}  // namespace

double average_precision(std::span<const float> scores, std::span<const std::uint8_t> truths) {
  double found = 0, seen = 0, sum = 0;
  for_each_group(scores, truths, [&](double positives, double negatives) {
    found += positives;
    seen += positives + negatives;
    sum += positives * found / seen;
  });
  return found > 0 ? sum / found : kNan;
}

Estimate roc_auc(std::span<const float> scores, std::span<const std::uint8_t> truths) {
  double positives = 0, negatives = 0, below = 0;
  for_each_group(scores, truths, [&](double more_positives, double more_negatives) {
    below += more_negatives * (positives + more_positives / 2);
    positives += more_positives;
    negatives += more_negatives;
  });
  if (positives == 0 || negatives == 0) return {kNan, {kNan, kNan}};
  const double area = below / (positives * negatives);
  return {area, roc_area_interval(area, static_cast<std::size_t>(positives), static_cast<std::size_t>(negatives))};
}

}  // namespace enxerto
