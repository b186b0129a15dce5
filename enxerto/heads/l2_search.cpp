#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>

#include "enxerto/base/error.h"
#include "enxerto/heads/check_problem.h"
#include "enxerto/heads/fold_path.h"
#include "enxerto/heads/grouped_folds.h"
#include "enxerto/heads/softmax_regression.h"
#include "enxerto/heads/stratified_folds.h"

namespace enxerto {
namespace {

struct Sample {
  LabelledRows rows;
  std::vector<std::size_t> groups;  // of each row; empty where there are none
};

std::vector<double> path_of(const L2SearchOptions& options) {
  std::vector<double> path = options.candidates;
  if (path.empty()) path = {1e4, 3e3, 1e3, 3e2, 1e2, 3e1, 1e1, 3, 1, 0.1};
  for (const double l2 : path)
    if (!(std::isfinite(l2) && l2 >= 0))
      throw usage_error("candidates", fmt::format("{}", l2), "numbers of at least 0");
  std::sort(path.begin(), path.end(), std::greater<>());
  return path;
}

Sample sampled(const Rows& features, std::span<const std::int64_t> labels, std::size_t classes,
               const L2SearchOptions& options) {
  Sample sample{.rows = {{features.width, {}}, {}}, .groups = {}};
  for (const std::size_t r : stratified_sample(labels, classes, options.max_rows, options.seed)) {
    sample.rows.features.row.push_back(features.row[r]);
    sample.rows.labels.push_back(labels[r]);
    if (!options.groups.empty()) sample.groups.push_back(options.groups[r]);
  }
  return sample;
}

/// Groups of many rows each, as of speakers: what is held out then differs from what was learned from.
bool few_groups(const Sample& sample) {
  const std::set<std::size_t> groups(sample.groups.begin(), sample.groups.end());
  return !groups.empty() && 2 * groups.size() < sample.groups.size();
}

/// The strongest of those near the lowest log loss; none where that is nowhere a number.
const L2Trial* surest(const L2Search& search, double lowest_loss) {
  constexpr double kAsGood = 1.002;
  const auto found = std::ranges::find_if(
      search.trials, [&](const L2Trial& trial) { return trial.log_loss <= lowest_loss * kAsGood; });
  return found == search.trials.end() ? nullptr : &*found;
}

/// Of those near the highest accuracy, the one that is least wrong where it is sure, before any temperature. What no
/// temperature brings near the lowest log loss has hardly learned: it is right by chance.
const L2Trial* most_often_right(const L2Search& search, double lowest_loss) {
  constexpr double kLeastTolerance = 0.01, kHasLearned = 1.1;
  std::vector<const L2Trial*> learned;
  for (const L2Trial& trial : search.trials)
    if (trial.log_loss <= kHasLearned * lowest_loss) learned.push_back(&trial);
  if (learned.empty()) return nullptr;
  const double highest = (*std::ranges::max_element(learned, {}, &L2Trial::accuracy))->accuracy;
  const double one_error = std::sqrt(highest * (1 - highest) / static_cast<double>(search.rows));
  const double enough = highest - std::max(kLeastTolerance, one_error);
  std::erase_if(learned, [&](const L2Trial* trial) { return trial->accuracy < enough; });
  return *std::ranges::min_element(learned, {}, &L2Trial::log_loss_as_fitted);
}

}  // namespace

L2Search search_l2(const Rows& features, std::span<const std::int64_t> labels, std::size_t classes,
                   const SoftmaxRegressionOptions& fit, const L2SearchOptions& options, Progress& progress) {
  check_problem(features, labels, classes, fit);
  if (!options.groups.empty() && options.groups.size() != labels.size())
    throw data_error("groups", fmt::format("{} groups", options.groups.size()),
                     fmt::format("one for each of {} rows", labels.size()));
  const std::vector<double> path = path_of(options);
  const Sample sample = sampled(features, labels, classes, options);
  const Folds folds = grouped_folds(sample.rows.labels, classes, sample.groups, options.folds, options.seed);
  L2Search search{.best = fit.l2, .rows = sample.rows.labels.size(), .folds = folds.count, .trials = {}};
  if (folds.count == 0) return search;

  progress.begin("cross-validate L2", path.size());
  search.by_accuracy = few_groups(sample);
  const int patience = search.by_accuracy ? 4 : 2;
  double lowest_loss = std::numeric_limits<double>::infinity(), best_accuracy = 0;
  int past = 0;
  const auto go_on = [&](const L2Trial& trial) {
    search.trials.push_back(trial);
    progress.advance(1);
    past = trial.log_loss > lowest_loss && trial.accuracy <= best_accuracy ? past + 1 : 0;
    lowest_loss = std::min(lowest_loss, trial.log_loss);
    best_accuracy = std::max(best_accuracy, trial.accuracy);
    return past < patience;
  };
  FoldPath(sample.rows, folds, classes, fit).follow(path, go_on, progress);
  progress.end();
  const L2Trial* best = search.by_accuracy ? most_often_right(search, lowest_loss) : surest(search, lowest_loss);
  if (best != nullptr) search.best = best->l2, search.temperature = best->temperature;
  return search;
}

}  // namespace enxerto
