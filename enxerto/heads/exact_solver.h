#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/base/rows.h"
#include "enxerto/base/tensor.h"
#include "enxerto/heads/softmax_regression.h"

namespace enxerto {

/// What a linear head is solved for.
struct ExactProblem {
  Rows features;          ///< (views * examples, width): all examples in one view, then in the next
  Tensor targets;         ///< (examples, ..), as the loss wants them
  std::size_t units = 0;  ///< of the last layer
  /// Number of each example's group: strengths are chosen with all of a group on one side. Empty: each stands alone.
  std::vector<std::size_t> groups = {};
  std::size_t examples() const { return targets.shape().empty() ? 0 : static_cast<std::size_t>(targets.shape()[0]); }
};

struct ExactOptions {
  double l2 = 0;          ///< strength of the penalty; 0: chosen by cross-validation
  bool balanced = false;  ///< each class weighs inversely to its frequency
  std::uint64_t seed = 0;
  int threads = 0;  ///< 0: `usable_cores()`
};

/// One strength that was tried: figures of held-out examples, what it is chosen by at the front.
struct ExactTrial {
  double l2 = 0;
  std::vector<std::pair<std::string, double>> figures;  ///< {"log_loss", 0.31}, {"accuracy", 0.9}
};

/// What a strength was chosen by; the second of few groups (L2Search).
inline constexpr std::string_view kCrossValidation = "cross-validation";
inline constexpr std::string_view kHeldOutGroups = "accuracy on held-out groups";

/// A linear head that was solved.
struct ExactHead {
  LinearClassifier layer = {};          ///< "head.weight" (units, width) and "head.bias" (units)
  std::vector<double> l2 = {};          ///< that was used: one, or one a unit
  std::vector<ExactTrial> trials = {};  ///< strongest first, means over the units; empty where nothing was chosen
  std::string_view chosen_by = {};      ///< what `l2` was chosen by, one of these; empty: it was given
  double loss = 0;                      ///< mean over the training rows, as the solver sees it
  int iterations = 0;                   ///< 0: in closed form
  bool converged = true;
  double search_seconds = 0, fit_seconds = 0;
};

/// A way to find a linear head without gradient steps. One file and one function a way.
struct ExactSolver {
  std::string_view title;     ///< "ridge regression"
  std::string_view agreeing;  ///< what `agreement` is a share of: "labels"

  /// Throws Error{data} for features, targets and groups that do not fit and for features that are not finite,
  /// Error{usage} for options out of range, Error{interrupted}.
  ExactHead (*solve)(const ExactProblem& problem, const ExactOptions& options, Progress& progress);

  /// How far the layer says the same of rows `a` as of rows `b`, 1: everywhere.
  double (*agreement)(const LinearClassifier& layer, const Rows& a, const Rows& b, int threads);
};

/// One class of several: multinomial logistic regression (softmax_regression.h), with one unit its binary case.
const ExactSolver& softmax_regression_solver();

/// Labels: a logistic regression each, with a strength of its own. A target that is not a number is not known and
/// counts nowhere. scikit-learn's `LogisticRegression` on standardised features has C = 1 / l2.
const ExactSolver& logistic_regression_solver();

/// Numbers: ridge regression (ridge_regression.h), each with a strength of its own.
const ExactSolver& ridge_regression_solver();

/// The l2 of a head in words: "3", "3 to 1000".
std::string words_of_l2(const std::vector<double>& l2);

}  // namespace enxerto
