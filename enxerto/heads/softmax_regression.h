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
  double l2 =
      1.0;  ///< strength: l2 / (2 n) * |W|^2 is added to the mean loss, W on standardised features; the bias is free
  std::vector<double> class_weights;  ///< empty: all 1
  int max_iterations = 200;
  double tolerance = 1e-4;  ///< stops where the largest absolute gradient is below
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

/// Multinomial logistic regression on standardised features by L-BFGS (Liu, Nocedal 1989). `labels` are 0 to classes
/// - 1. Throws Error{data} for fewer than two classes present or non-finite features, Error{interrupted} when
/// cancelled.
FitReport fit_softmax_regression(const Rows& features, std::span<const std::int64_t> labels, std::size_t classes,
                                 const SoftmaxRegressionOptions& options, Progress& progress = silent());

struct StrengthSearchOptions {
  std::vector<double> strengths;  ///< empty: a decreasing logarithmic path
  int folds = 5;
  std::size_t max_rows = 5000;  ///< a stratified, seeded sample above that
  std::uint64_t seed = 0;
};

struct StrengthTrial {
  double l2 = 0, accuracy = 0, log_loss = 0;  ///< means over the held-out folds
};

struct StrengthSearch {
  double best = 0;
  std::size_t rows = 0;               ///< how many were used
  std::vector<StrengthTrial> trials;  ///< strongest first
};

/// Chooses the L2 strength by stratified cross-validation along a warm-started path, strongest first.
StrengthSearch search_strength(const Rows& features, std::span<const std::int64_t> labels, std::size_t classes,
                               const SoftmaxRegressionOptions& fit, const StrengthSearchOptions& options,
                               Progress& progress = silent());

/// (rows, classes) float32 scores of a classifier.
Tensor scores(const LinearClassifier& classifier, const Rows& features, int threads = 0);

}  // namespace enxerto
