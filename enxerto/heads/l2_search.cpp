#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/check_problem.h"
#include "enxerto/heads/grouped_folds.h"
#include "enxerto/heads/lbfgs.h"
#include "enxerto/heads/softmax_loss.h"
#include "enxerto/heads/softmax_regression.h"
#include "enxerto/heads/stratified_folds.h"

namespace enxerto {
namespace {

struct Sample {
  Rows features;
  std::vector<std::int64_t> labels;
  std::vector<std::size_t> groups = {};  // of each row; empty where there are none

  void add(const float* row, std::int64_t label) {
    features.row.push_back(row);
    labels.push_back(label);
  }
};

/// Sums over held-out rows.
struct HeldOut {
  double weight = 0, right = 0, loss = 0;
};

/// One fold along the path: what it trains on, what it holds out, and where it is.
struct Fold {
  Sample training, held_out;
  std::unique_ptr<SoftmaxLoss> loss;
  std::vector<double> parameters;
};

/// A looser tolerance than the final fit's: the order of the candidates shows long before the last digits do. It
/// shrinks with l2, whose own gradient shrinks too: else a small l2 would count as converged where it starts.
double search_tolerance(double l2, double final_tolerance) {
  return std::max(final_tolerance, std::min(1e-3, 1e-5 * l2));
}

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
  Sample sample{.features = {features.width, {}}, .labels = {}};
  for (const std::size_t r : stratified_sample(labels, classes, options.max_rows, options.seed)) {
    sample.add(features.row[r], labels[r]);
    if (!options.groups.empty()) sample.groups.push_back(options.groups[r]);
  }
  return sample;
}

class CrossValidation {
 public:
  CrossValidation(const Sample& sample, const Folds& folds, std::size_t classes, const SoftmaxRegressionOptions& fit,
                  Progress& progress)
      : classes_(classes), fit_(fit), progress_(progress), folds_(to_size(folds.count)) {
    for (std::size_t i = 0; i < folds_.size(); ++i) {
      Fold& fold = folds_[i];
      fold.training.features.width = fold.held_out.features.width = sample.features.width;
      for (std::size_t r = 0; r < sample.labels.size(); ++r)
        (folds.of_row[r] == static_cast<int>(i) ? fold.held_out : fold.training)
            .add(sample.features.row[r], sample.labels[r]);
      fold.loss = std::make_unique<SoftmaxLoss>(
          SoftmaxLoss::Data{fold.training.features, fold.training.labels, classes, fit.class_weights},
          resolve_threads(fit.threads));
      fold.parameters = fold.loss->starting_point();
    }
  }

  L2Trial trial(double l2) {
    HeldOut all;
    for (Fold& fold : folds_) {
      advance(fold, l2);
      judge(fold, all);
    }
    return {l2, all.right / all.weight, all.loss / all.weight};
  }

 private:
  void advance(Fold& fold, double l2) {
    fold.loss->set_l2(l2);
    const auto evaluate = [&](std::span<const double> x, std::span<double> gradient) {
      throw_if_cancelled(progress_);
      return fold.loss->evaluate(x, gradient);
    };
    fold.parameters =
        minimise_lbfgs(evaluate, std::move(fold.parameters),
                       {.max_iterations = fit_.max_iterations, .tolerance = search_tolerance(l2, fit_.tolerance)})
            .x;
  }

  void judge(const Fold& fold, HeldOut& sums) const {
    const Tensor all = scores(fold.loss->classifier(fold.parameters), fold.held_out.features, fit_.threads);
    std::vector<float> row(classes_);
    for (std::size_t r = 0; r < fold.held_out.labels.size(); ++r) {
      const auto from = all.as<float>().begin() + static_cast<std::ptrdiff_t>(r * classes_);
      std::copy_n(from, classes_, row.begin());
      const auto label = to_size(fold.held_out.labels[r]);
      const double weight = fit_.class_weights.empty() ? 1.0 : fit_.class_weights[label];
      const auto best = to_size(std::max_element(row.begin(), row.end()) - row.begin());
      const double true_score = static_cast<double>(row[label]);
      sums.weight += weight;
      sums.right += best == label ? weight : 0.0;
      sums.loss += weight * (softmax_in_place(row) - true_score);
    }
  }

  std::size_t classes_;
  const SoftmaxRegressionOptions& fit_;
  Progress& progress_;
  std::vector<Fold> folds_;
};

}  // namespace

L2Search search_l2(const Rows& features, std::span<const std::int64_t> labels, std::size_t classes,
                   const SoftmaxRegressionOptions& fit, const L2SearchOptions& options, Progress& progress) {
  check_problem(features, labels, classes, fit);
  if (!options.groups.empty() && options.groups.size() != labels.size())
    throw data_error("groups", fmt::format("{} groups", options.groups.size()),
                     fmt::format("one for each of {} rows", labels.size()));
  const std::vector<double> path = path_of(options);
  const Sample sample = sampled(features, labels, classes, options);
  const Folds folds = grouped_folds(sample.labels, classes, sample.groups, options.folds, options.seed);
  L2Search search{fit.l2, sample.labels.size(), folds.count, {}};
  if (folds.count == 0) return search;

  progress.begin("cross-validate L2", path.size());
  CrossValidation validation(sample, folds, classes, fit, progress);
  double lowest_loss = std::numeric_limits<double>::infinity(), best_accuracy = 0;
  int past = 0;
  for (const double l2 : path) {
    const L2Trial& trial = search.trials.emplace_back(validation.trial(l2));
    progress.advance(1);
    past = trial.log_loss > lowest_loss && trial.accuracy <= best_accuracy ? past + 1 : 0;
    if (trial.log_loss < lowest_loss) search.best = l2;
    lowest_loss = std::min(lowest_loss, trial.log_loss);
    best_accuracy = std::max(best_accuracy, trial.accuracy);
    if (past == 2) break;
  }
  progress.end();
  return search;
}

}  // namespace enxerto
