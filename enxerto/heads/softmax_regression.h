#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/base/rows.h"
#include "enxerto/base/tensor.h"

namespace enxerto {

struct SoftmaxRegressionOptions {
  int threads = 0;  ///< 0: `usable_cores()`; results are bit-identical at a given number

  /// l2: l2 / (2 n) |W|^2 is added to the mean loss over n rows, W on standardised features; the bias is free.
  /// scikit-learn's `LogisticRegression` has C = 1 / l2 (with two classes 2 / l2: it has one row of weights there,
  /// twice as long).
  double l2 = 1.0;
  std::vector<double> class_weights;  ///< one a class, multiplies the loss of its examples; empty: all 1
  int max_iterations = 200;
  double tolerance = 1e-4;  ///< stops where the largest absolute gradient is at most this
  /// What the found scores are divided by (Guo et al. 2017). Below 1 it makes up for a penalty, which the bias does not
  /// have: then only W, on standardised features, is divided.
  double temperature = 1;
};

/// A linear classifier on raw features: standardisation is folded in. scores = x W^T + b.
struct LinearClassifier {
  Tensor weight;  ///< (classes, features) float32
  Tensor bias;    ///< (classes) float32
};

struct FitReport {
  LinearClassifier classifier;
  double loss = 0;  ///< mean training loss with the penalty
  int iterations = 0;
  bool converged = false;
};

/// Multinomial logistic regression on standardised features by L-BFGS (Liu, Nocedal 1989), where there are rows enough
/// preconditioned with Boehning's bound of the curvature (1992; see curvature_bound.h): correlated features then cost
/// about a third of the iterations. The rows are streamed where they lie, once an evaluation, never copied (but for a
/// sample of twice as many as features). `labels` are 0 to classes - 1; a class without rows gets a low bias. A
/// feature that does not vary gets the weight 0. Throws Error{data} for fewer than two classes present, labels out of
/// range, sizes that differ and non-finite features (naming the row), Error{usage} for options out of range,
/// Error{interrupted} when cancelled.
FitReport fit_softmax_regression(const Rows& features, std::span<const std::int64_t> labels, std::size_t classes,
                                 const SoftmaxRegressionOptions& options, Progress& progress = no_progress());

/// (rows, classes) float32 scores of a classifier. Throws Error{data} where the widths differ.
Tensor scores(const LinearClassifier& classifier, const Rows& features, int threads = 0);

struct L2SearchOptions {
  std::vector<double> candidates;  ///< in any order; empty: a decreasing logarithmic path from 10,000 to 0.1
  int folds = 5;                   ///< fewer where a class has fewer members, at least 2
  std::size_t max_rows = 5000;     ///< a stratified, seeded sample above that
  std::uint64_t seed = 0;
  std::span<const std::size_t> groups = {};  ///< number of each row's group; empty: each row stands alone
};

struct L2Trial {
  double l2 = 0, accuracy = 0, log_loss = 0;  ///< means over the held-out rows, class weights applied
  double temperature = 1;  ///< at which the log loss is that: of a few from 0.2 to 10, the one where it is lowest
  double log_loss_as_fitted = 0;  ///< at the temperature 1
};

struct L2Search {
  double best = 0;
  double temperature = 1;       ///< of the best
  std::size_t rows = 0;         ///< how many were used
  int folds = 0;                ///< how many were used; 0 where nothing could be held out
  bool by_accuracy = false;     ///< as with few groups
  std::vector<L2Trial> trials;  ///< strongest first; ends early once the optimum is clearly past
};

/// Chooses l2 by stratified cross-validation along a path, strongest first, each fold warm-started from
/// the l2 before. The lowest held-out log loss wins, the strongest of those within 0.2 % of it; each l2 is judged at
/// the temperature that suits it best, so that how sure the scores are does not decide how much is learned (Berta et
/// al. 2025: what tells classes apart is chosen first, confidence set after it). With fewer groups than half of the
/// rows, as of a few speakers, a loss tells how strange a held-out group is rather than what is learned: then the
/// highest held-out accuracy of those within a tenth of the lowest log loss wins, of those within a standard error of
/// it (at least a point) the lowest log loss as fitted. The path ends after two candidates in a row, four with few
/// groups, whose log loss is above the lowest one and whose accuracy is not above the best one. A class's only member
/// is always trained on, never held out; rows of a group are held out together (grouped_folds.h). Where every class has
/// a single member, or group, nothing can be held out, and `fit.l2` is the answer. `fit.l2` is not looked at otherwise.
/// Throws as `fit_softmax_regression` does, and Error{data} for groups that are not one a row.
L2Search search_l2(const Rows& features, std::span<const std::int64_t> labels, std::size_t classes,
                   const SoftmaxRegressionOptions& fit, const L2SearchOptions& options,
                   Progress& progress = no_progress());

}  // namespace enxerto
