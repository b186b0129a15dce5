#include "enxerto/metrics/folded_pairs.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace enxerto {
namespace {

constexpr std::size_t kCoarse = 400, kFine = 4000;
constexpr double kCoarseStep = 0.01, kFineStep = 0.001;

/// Pairs of one identity, and of two, that are accepted at a threshold.
struct Accepted {
  double genuine = 0, impostors = 0;
};

/// What is accepted at step number `i` of a grid of thresholds, for all of its steps.
std::vector<Accepted> accepted_on_grid(std::span<const FoldedPair> pairs, std::size_t steps, double step) {
  std::vector<Accepted> at(steps);
  for (const FoldedPair& pair : pairs) {
    const auto distance = static_cast<double>(pair.distance);
    auto first = static_cast<std::size_t>(std::clamp(distance / step, 0.0, static_cast<double>(steps)));
    while (first > 0 && distance < static_cast<double>(first - 1) * step) --first;
    while (first < steps && distance >= static_cast<double>(first) * step) ++first;
    if (first < steps) (pair.same ? at[first].genuine : at[first].impostors) += 1;
  }
  for (std::size_t i = 1; i < steps; ++i) {
    at[i].genuine += at[i - 1].genuine;
    at[i].impostors += at[i - 1].impostors;
  }
  return at;
}

Accepted all_of(std::span<const FoldedPair> pairs) {
  Accepted all;
  for (const FoldedPair& pair : pairs) (pair.same ? all.genuine : all.impostors) += 1;
  return all;
}

double accuracy_at(const Accepted& accepted, const Accepted& all) {
  return (accepted.genuine + all.impostors - accepted.impostors) / (all.genuine + all.impostors);
}

std::size_t best_step(const std::vector<Accepted>& grid, const Accepted& all) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < grid.size(); ++i)
    if (accuracy_at(grid[i], all) > accuracy_at(grid[best], all)) best = i;
  return best;
}

/// The threshold of a rate of false accepts, between the last step that has at most so many and the next; 0 where none
/// has more.
double threshold_of(const std::vector<Accepted>& grid, const Accepted& all, double rate) {
  const auto rate_at = [&](std::size_t i) { return grid[i].impostors / all.impostors; };
  if (!(rate_at(grid.size() - 1) >= rate)) return 0;
  std::size_t last = 0;
  while (last + 1 < grid.size() && rate_at(last + 1) <= rate) ++last;
  const double threshold = static_cast<double>(last) * kFineStep;
  if (last + 1 == grid.size() || rate_at(last) > rate) return threshold;
  return threshold + kFineStep * (rate - rate_at(last)) / (rate_at(last + 1) - rate_at(last));
}

Accepted accepted_below(std::span<const FoldedPair> pairs, double threshold) {
  Accepted accepted;
  for (const FoldedPair& pair : pairs)
    if (static_cast<double>(pair.distance) < threshold) (pair.same ? accepted.genuine : accepted.impostors) += 1;
  return accepted;
}

}  // namespace

FoldedFigures folded_figures(std::span<const FoldedPair> pairs, double wanted_false_accept_rate) {
  std::map<std::size_t, std::vector<FoldedPair>> folds;
  for (const FoldedPair& pair : pairs) folds[pair.fold].push_back(pair);
  FoldedFigures figures;
  if (folds.size() < 2) return figures;
  double accepted_true = 0, accepted_false = 0;
  for (const auto& [number, held_out] : folds) {
    std::vector<FoldedPair> others;
    for (const FoldedPair& pair : pairs)
      if (pair.fold != number) others.push_back(pair);
    const Accepted all = all_of(others), all_held_out = all_of(held_out);
    const double threshold =
        static_cast<double>(best_step(accepted_on_grid(others, kCoarse, kCoarseStep), all)) * kCoarseStep;
    figures.thresholds.push_back(threshold);
    figures.accuracies.push_back(accuracy_at(accepted_below(held_out, threshold), all_held_out));
    const Accepted at_rate = accepted_below(
        held_out, threshold_of(accepted_on_grid(others, kFine, kFineStep), all, wanted_false_accept_rate));
    accepted_true += at_rate.genuine / all_held_out.genuine;
    accepted_false += at_rate.impostors / all_held_out.impostors;
  }
  const auto count = static_cast<double>(folds.size());
  double sum = 0, squares = 0;
  for (const double accuracy : figures.accuracies) sum += accuracy;
  figures.accuracy = sum / count;
  for (const double accuracy : figures.accuracies) squares += std::pow(accuracy - figures.accuracy, 2);
  figures.standard_error = std::sqrt(squares / (count - 1) / count);
  figures.true_accept_rate = accepted_true / count;
  figures.false_accept_rate = accepted_false / count;
  return figures;
}

}  // namespace enxerto
