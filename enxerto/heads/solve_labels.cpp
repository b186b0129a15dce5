#include <algorithm>
#include <cmath>
#include <optional>

#include "enxerto/base/stopwatch.h"
#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/agreement.h"
#include "enxerto/heads/convex_start.h"
#include "enxerto/heads/exact_solver.h"
#include "enxerto/heads/first_view.h"

namespace enxerto {
namespace {

constexpr double kUnjudged = 100;        // of a label with too few examples to be held out
constexpr std::size_t kFewExamples = 2;  // with, or without the label

/// The rows where one label is known, and whether they have it.
struct Known {
  Rows features;
  std::vector<std::int64_t> truths;
  std::vector<std::size_t> groups = {};  // of each row; empty where there are none

  std::size_t with() const { return static_cast<std::size_t>(std::ranges::count(truths, std::int64_t{1})); }
  std::size_t fewest() const { return std::min(with(), truths.size() - with()); }
};

Known known(const Rows& features, const ExactProblem& problem, std::size_t label) {
  const auto all = problem.targets.as<float>();
  const std::size_t examples = problem.examples(), labels = all.size() / examples;
  Known rows{.features = {.width = features.width, .row = {}}, .truths = {}};
  for (std::size_t r = 0; r < features.size(); ++r) {
    const float truth = all[r % examples * labels + label];
    if (std::isnan(truth)) continue;
    rows.features.row.push_back(features.row[r]);
    rows.truths.push_back(truth > 0.5F ? 1 : 0);
    if (!problem.groups.empty()) rows.groups.push_back(problem.groups.at(r % examples));
  }
  return rows;
}

/// What one label came to.
struct Solved {
  LinearClassifier layer;  // one unit
  double l2 = 0, loss = 0, known = 0;
  int iterations = 0;
  bool converged = true, by_accuracy = false;
  std::vector<L2Trial> trials;
};

/// Always or never there, or never known: the share with one example added either way.
LinearClassifier constant_layer(const Known& rows) {
  const auto with = static_cast<double>(rows.with()), all = static_cast<double>(rows.truths.size());
  TensorBuffer weight(DType::f32, {1, static_cast<std::int64_t>(rows.features.width)}), bias(DType::f32, {1});
  std::ranges::fill(weight.as<float>(), 0.0F);
  bias.as<float>()[0] = static_cast<float>(std::log((with + 1) / (all - with + 1)));
  return {std::move(weight).freeze(), std::move(bias).freeze()};
}

/// Watched from a thread of a label: only whether to stop passes through.
class Quiet final : public Progress {
 public:
  explicit Quiet(const Progress& whole) : whole_(whole) {}
  bool cancelled() const override { return whole_.cancelled(); }

 private:
  const Progress& whole_;
};

Solved solve_label(const ExactProblem& problem, std::size_t label, const ExactOptions& options, Progress& progress) {
  const Known rows = known(problem.features, problem, label);
  Solved solved{.layer = {}, .l2 = options.l2, .known = static_cast<double>(rows.truths.size()), .trials = {}};
  // The rows of two classes are opposite halves of the one row of a label: their squares add up to half of its.
  SoftmaxRegressionOptions fit{.threads = options.threads, .l2 = 2 * options.l2, .class_weights = {}};
  if (options.l2 <= 0) {
    const Known once = known(first_view(problem), problem, label);
    solved.l2 = kUnjudged;
    if (once.fewest() >= kFewExamples) {
      const L2Search search = search_l2(once.features, once.truths, 2, fit,
                                        {.candidates = {2e4, 6e3, 2e3, 600, 200, 60, 20, 6, 2, 0.6, 0.2},
                                         .seed = options.seed,
                                         .groups = once.groups},
                                        progress);
      solved.l2 = search.folds > 0 ? search.best / 2 : kUnjudged;
      fit.temperature = search.temperature;
      solved.trials = search.trials;
      solved.by_accuracy = search.by_accuracy;
    }
    const auto views = static_cast<double>(views_of(problem));
    solved.l2 *= views;
    for (auto& trial : solved.trials) trial.l2 *= views;
  }
  if (rows.fewest() == 0) {
    solved.layer = constant_layer(rows);
    return solved;
  }
  fit.l2 = 2 * solved.l2;
  FitReport found = fit_softmax_regression(rows.features, rows.truths, 2, fit, progress);
  solved.layer = one_unit(found.classifier);
  solved.loss = found.loss;
  solved.iterations = found.iterations;
  solved.converged = found.converged;
  return solved;
}

/// The path as far as any label went: means over all labels that were judged, of which one whose search ended earlier,
/// past its best, counts with the last that it tried; "labels": how many went so far.
std::vector<ExactTrial> mean_trials(const std::vector<Solved>& labels) {
  const auto longest = std::ranges::max_element(labels, {}, [](const Solved& one) { return one.trials.size(); });
  if (longest == labels.end()) return {};
  std::vector<ExactTrial> trials;
  for (std::size_t t = 0; t < longest->trials.size(); ++t) {
    double judged = 0, log_loss = 0, accuracy = 0, went_so_far = 0;
    for (const Solved& one : labels) {
      if (one.trials.empty()) continue;
      const L2Trial& trial = one.trials[std::min(t, one.trials.size() - 1)];
      log_loss += trial.log_loss;
      accuracy += trial.accuracy;
      judged += 1;
      went_so_far += t < one.trials.size() ? 1 : 0;
    }
    trials.push_back({longest->trials[t].l2 / 2,
                      {{"log_loss", log_loss / judged}, {"accuracy", accuracy / judged}, {"labels", went_so_far}}});
  }
  return trials;
}

LinearClassifier stacked(const std::vector<Solved>& labels, std::size_t width) {
  const auto count = static_cast<std::int64_t>(labels.size());
  TensorBuffer weight(DType::f32, {count, static_cast<std::int64_t>(width)}), bias(DType::f32, {count});
  for (std::size_t l = 0; l < labels.size(); ++l) {
    std::ranges::copy(labels[l].layer.weight.as<float>(), weight.as<float>().subspan(l * width).begin());
    bias.as<float>()[l] = labels[l].layer.bias.as<float>()[0];
  }
  return {std::move(weight).freeze(), std::move(bias).freeze()};
}

ExactHead solve_labels(const ExactProblem& problem, const ExactOptions& options, Progress& progress) {
  (void)views_of(problem);  // throws before rows are looked up
  const int threads = resolve_threads(options.threads);
  const bool side_by_side = problem.units >= to_size(threads);
  ExactOptions one = options;
  one.threads = side_by_side ? 1 : threads;
  Stopwatch watch;
  std::vector<Solved> labels(problem.units);
  progress.begin("fit labels", problem.units);
  parallel_for(side_by_side ? threads : 1, problem.units, [&](std::size_t label) {
    Quiet quiet(progress);
    labels[label] = solve_label(problem, label, one, quiet);
    progress.advance(1);
  });
  progress.end();
  ExactHead head{.layer = stacked(labels, problem.features.width), .l2 = {}, .trials = mean_trials(labels)};
  const bool by_accuracy = std::ranges::any_of(labels, &Solved::by_accuracy);
  if (options.l2 <= 0) head.chosen_by = by_accuracy ? kHeldOutGroups : kCrossValidation;
  double known = 0;
  for (const Solved& label : labels) {
    head.l2.push_back(label.l2);
    head.loss += label.loss * label.known;
    known += label.known;
    head.iterations = std::max(head.iterations, label.iterations);
    head.converged = head.converged && label.converged;
  }
  if (known > 0) head.loss /= known;
  head.fit_seconds = watch.seconds();
  return head;
}

}  // namespace

const ExactSolver& logistic_regression_solver() {
  static const ExactSolver solver{
      .title = "logistic regression", .agreeing = "labels", .solve = solve_labels, .agreement = equal_signs};
  return solver;
}

}  // namespace enxerto
