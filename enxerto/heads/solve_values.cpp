#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "enxerto/base/rng.h"
#include "enxerto/base/stopwatch.h"
#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/agreement.h"
#include "enxerto/heads/exact_solver.h"
#include "enxerto/heads/first_view.h"
#include "enxerto/heads/grouped_folds.h"
#include "enxerto/heads/ridge_regression.h"

namespace enxerto {
namespace {

/// Half decades, strongest first: from "always the mean" to hardly any penalty.
constexpr std::array kPath{1e8, 3e7,  1e7,  3e6, 1e6, 3e5, 1e5, 3e4, 1e4, 3e3,
                           1e3, 300., 100., 30., 10., 3.,  1.,  0.3, 0.1};

/// Rows with their targets.
struct ValueSample {
  Rows features;
  std::vector<double> targets;
  std::vector<std::size_t> groups = {};  // of each row; empty where there are none

  void add(const ValueSample& from, std::size_t row, std::size_t values) {
    const auto first = from.targets.begin() + static_cast<std::ptrdiff_t>(row * values);
    features.row.push_back(from.features.row[row]);
    targets.insert(targets.end(), first, first + static_cast<std::ptrdiff_t>(values));
    if (!from.groups.empty()) groups.push_back(from.groups[row]);
  }
};

ValueSample all_of(const Rows& features, const ExactProblem& problem) {
  const auto values = problem.targets.as<float>();
  ValueSample sample{.features = features, .targets = {}};
  for (std::size_t done = 0; done < features.size(); done += problem.examples()) {
    sample.targets.insert(sample.targets.end(), values.begin(), values.end());
    sample.groups.insert(sample.groups.end(), problem.groups.begin(), problem.groups.end());
  }
  return sample;
}

/// What can be decomposed: where there are too many rows and features, some of the rows.
ValueSample sampled(const ValueSample& all, std::size_t values, std::uint64_t seed) {
  const std::size_t rows = all.features.size();
  if (std::min(rows, all.features.width) <= kLargestDecomposition) return all;
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Rng rng({.seed = seed, .epoch = 0, .example = 0, .purpose = "ridge sample"});
  ValueSample sample{.features = {.width = all.features.width, .row = {}}, .targets = {}};
  for (std::size_t i = 0; i < kLargestDecomposition; ++i) {
    std::swap(order[i], order[i + rng.below(rows - i)]);
    sample.add(all, order[i], values);
  }
  return sample;
}

/// Mean square around the mean, of each value.
std::vector<double> variances(const ValueSample& sample, std::size_t values) {
  const auto rows = static_cast<double>(sample.features.size());
  std::vector<double> mean(values), variance(values);
  for (std::size_t i = 0; i < sample.targets.size(); ++i) mean[i % values] += sample.targets[i] / rows;
  for (std::size_t i = 0; i < sample.targets.size(); ++i)
    variance[i % values] += std::pow(sample.targets[i] - mean[i % values], 2) / rows;
  return variance;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Mean squared errors of held-out groups: for each strength of the path, of each value. Leaving out one row says
/// nothing where its likes stay. Empty where there are no two groups.
std::vector<std::vector<double>> errors_of_groups(const ValueSample& sample, std::size_t values,
                                                  const ExactOptions& options, Progress& progress) {
  constexpr int kFolds = 5;
  const std::vector<std::int64_t> alike(sample.features.size(), 0);
  const Folds folds = grouped_folds(alike, 1, sample.groups, kFolds, options.seed);
  std::vector<std::vector<double>> errors(folds.count == 0 ? 0 : kPath.size(), std::vector<double>(values));
  const auto held = static_cast<double>(std::ranges::count_if(folds.of_row, [](int fold) { return fold >= 0; }));
  for (int fold = 0; fold < folds.count; ++fold) {
    ValueSample training{.features = {.width = sample.features.width, .row = {}}, .targets = {}}, out = training;
    for (std::size_t r = 0; r < alike.size(); ++r) (folds.of_row[r] == fold ? out : training).add(sample, r, values);
    const RidgeRegression ridge({training.features, training.targets, values}, options.threads, progress);
    for (std::size_t p = 0; p < kPath.size(); ++p) {
      throw_if_cancelled(progress);
      const Tensor answers = scores(ridge.layer(std::vector<double>(values, kPath[p])), out.features, options.threads);
      for (std::size_t i = 0; i < out.targets.size(); ++i)
        errors[p][i % values] += std::pow(static_cast<double>(answers.as<float>()[i]) - out.targets[i], 2) / held;
    }
  }
  return errors;
}

/// For each strength of the path, the leave-one-out error of each value.
std::vector<std::vector<double>> errors_of_rows(const RidgeRegression& ridge) {
  std::vector<std::vector<double>> errors;
  for (const double l2 : kPath) errors.push_back(ridge.leave_one_out(l2));
  return errors;
}

/// The l2 of each value with the least error, the strongest of equal ones.
std::vector<double> chosen_l2(const std::vector<std::vector<double>>& path, const std::vector<double>& variance,
                              std::vector<ExactTrial>& trials) {
  std::vector<double> best(variance.size(), kPath.front()),
      least(variance.size(), std::numeric_limits<double>::infinity());
  for (std::size_t p = 0; p < kPath.size(); ++p) {
    const double l2 = kPath[p];
    const std::vector<double>& errors = path[p];
    double explained = 0, varied = 0;
    for (std::size_t v = 0; v < errors.size(); ++v) {
      if (errors[v] < least[v]) {
        least[v] = errors[v];
        best[v] = l2;
      }
      if (variance[v] <= 0) continue;
      explained += 1 - errors[v] / variance[v];
      varied += 1;
    }
    trials.push_back({l2, {{"mean_squared_error", mean_of(errors)}, {"r2", explained / varied}}});
  }
  return best;
}

double mean_squared_error(const LinearClassifier& layer, const ValueSample& all, int threads) {
  const Tensor answers = scores(layer, all.features, threads);
  double sum = 0;
  for (std::size_t i = 0; i < all.targets.size(); ++i)
    sum += std::pow(static_cast<double>(answers.as<float>()[i]) - all.targets[i], 2);
  return sum / static_cast<double>(all.targets.size());
}

ExactHead solve_values(const ExactProblem& problem, const ExactOptions& options, Progress& progress) {
  const int threads = resolve_threads(options.threads);
  const std::size_t views = views_of(problem), values = problem.units;
  const ValueSample all = all_of(problem.features, problem);
  const bool small = std::min(all.features.size(), all.features.width) <= kLargestDecomposition;
  ExactHead head{.l2 = std::vector<double>(values, options.l2)};
  Stopwatch watch;
  if (options.l2 <= 0) {
    progress.begin("choose l2", 0);
    const ValueSample once = sampled(all_of(first_view(problem), problem), values, options.seed);
    std::vector<std::vector<double>> errors;
    if (!once.groups.empty()) errors = errors_of_groups(once, values, options, progress);
    const RidgeRegression ridge({once.features, once.targets, values}, threads, progress);
    if (errors.empty()) errors = errors_of_rows(ridge);
    head.l2 = chosen_l2(errors, variances(once, values), head.trials);
    if (views == 1 && small) head.layer = ridge.layer(head.l2);
    for (double& l2 : head.l2) l2 *= static_cast<double>(views);
    for (ExactTrial& trial : head.trials) trial.l2 *= static_cast<double>(views);
    head.chosen_by = kCrossValidation;
    head.search_seconds = watch.seconds();
    progress.end();
  }
  const RidgeData data{all.features, all.targets, values};
  if (!small) {
    IterativeRidge found = fit_ridge_iteratively(data, head.l2, threads, progress);
    head.layer = std::move(found.layer);
    head.iterations = found.iterations;
    head.converged = found.converged;
  } else if (head.chosen_by.empty() || views > 1) {
    head.layer = RidgeRegression(data, threads, progress).layer(head.l2);
  }
  head.loss = mean_squared_error(head.layer, all, threads);
  head.fit_seconds = watch.seconds() - head.search_seconds;
  return head;
}

}  // namespace

const ExactSolver& ridge_regression_solver() {
  static const ExactSolver solver{
      .title = "ridge regression", .agreeing = "variance", .solve = solve_values, .agreement = equal_values};
  return solver;
}

}  // namespace enxerto
