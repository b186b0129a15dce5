#include <algorithm>

#include "enxerto/base/stopwatch.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/agreement.h"
#include "enxerto/heads/balanced_weights.h"
#include "enxerto/heads/convex_start.h"
#include "enxerto/heads/exact_solver.h"
#include "enxerto/heads/first_view.h"

namespace enxerto {
namespace {

/// Whichever way the loss is told the class: by number, by the truth of the second, or by a share of each.
std::vector<std::int64_t> class_numbers(const Tensor& targets) {
  if (targets.dtype() == DType::i64) {
    const auto numbers = targets.as<std::int64_t>();
    return {numbers.begin(), numbers.end()};
  }
  const auto shares = targets.as<float>();
  const std::size_t examples = to_size(targets.shape()[0]), width = shares.size() / std::max<std::size_t>(1, examples);
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < examples; ++i) {
    const auto row = shares.subspan(i * width, width);
    numbers.push_back(width == 1 ? (row[0] > 0.5F ? 1 : 0) : std::ranges::max_element(row) - row.begin());
  }
  return numbers;
}

ExactHead solve_classes(const ExactProblem& problem, const ExactOptions& options, Progress& progress) {
  const std::vector<std::int64_t> once = class_numbers(problem.targets);
  const std::size_t classes = std::max<std::size_t>(2, problem.units);
  SoftmaxRegressionOptions fit{.threads = options.threads, .l2 = options.l2, .class_weights = {}};
  if (options.balanced) fit.class_weights = balanced_weights(once, classes);
  ExactHead head;
  Stopwatch watch;
  if (options.l2 <= 0) {
    fit.l2 = 1;
    const L2Search search = search_l2(first_view(problem), once, classes, fit,
                                      {.candidates = {}, .seed = options.seed, .groups = problem.groups}, progress);
    const auto views = static_cast<double>(views_of(problem));
    fit.l2 = search.best * views;
    fit.temperature = search.temperature;
    for (const L2Trial& trial : search.trials)
      head.trials.push_back(
          {trial.l2 * views,
           {{"log_loss", trial.log_loss}, {"accuracy", trial.accuracy}, {"temperature", trial.temperature}}});
    head.chosen_by = search.by_accuracy ? kHeldOutGroups : kCrossValidation;
    head.search_seconds = watch.seconds();
  }
  std::vector<std::int64_t> labels;
  for (std::size_t view = 0; view < views_of(problem); ++view) labels.insert(labels.end(), once.begin(), once.end());
  const FitReport found = fit_softmax_regression(problem.features, labels, classes, fit, progress);
  head.layer = problem.units == 1 ? one_unit(found.classifier) : found.classifier;
  head.l2 = {fit.l2};
  head.loss = found.loss;
  head.iterations = found.iterations;
  head.converged = found.converged;
  head.fit_seconds = watch.seconds() - head.search_seconds;
  return head;
}

}  // namespace

const ExactSolver& softmax_regression_solver() {
  static const ExactSolver solver{
      .title = "softmax regression", .agreeing = "labels", .solve = solve_classes, .agreement = equal_classes};
  return solver;
}

}  // namespace enxerto
