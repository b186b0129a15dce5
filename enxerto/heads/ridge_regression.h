#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "enxerto/base/progress.h"
#include "enxerto/base/rows.h"
#include "enxerto/heads/softmax_regression.h"

namespace enxerto {

/// Numbers that are to be predicted from features.
struct RidgeData {
  const Rows& features;
  std::span<const double> targets;  ///< (rows, values)
  std::size_t values = 1;
  std::size_t rows() const { return features.size(); }
};

/// Above this many rows and features the decomposition takes minutes; `fit_ridge_iteratively` does not make one.
inline constexpr std::size_t kLargestDecomposition = 4096;

/// Ridge regression (Hoerl, Kennard 1970) of several values on standardised features: sum (y - x w - b)^2 + l2 |w|^2 is
/// made small, b is free; scikit-learn's `Ridge` has alpha = l2. One tridiagonalisation of the Gram matrix of the
/// features, or of the rows where these are fewer, serves every strength and its exact leave-one-out errors (Elden
/// 1984; Golub, Heath, Wahba 1979): each further strength costs a pass over a bidiagonal factor. In double; memory is
/// that of a few square matrices of the smaller side.
class RidgeRegression {
 public:
  /// `data` is looked at while building, and must outlive the object. Throws Error{data} where sizes differ, there are
  /// no rows or features, or features are not finite; Error{usage} where both sides are above `kLargestDecomposition`.
  RidgeRegression(const RidgeData& data, int threads, Progress& progress = no_progress());
  ~RidgeRegression();
  RidgeRegression(const RidgeRegression&) = delete;
  RidgeRegression& operator=(const RidgeRegression&) = delete;

  /// Mean squared error of each value when each row (of 2,000 at equal distances where there are more) is predicted
  /// from all others; NaN for a single row. `l2` is above 0.
  std::vector<double> leave_one_out(double l2) const;

  /// The layer on raw features; one l2 for each value.
  LinearClassifier layer(std::span<const double> l2) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

struct IterativeRidge {
  LinearClassifier layer;
  int iterations = 0;
  bool converged = false;
};

/// The same layer by conjugate gradients (Hestenes, Stiefel 1952) on rows that stay where they are, to a relative
/// residual of 1e-8: for what is too large to be decomposed. Throws as `RidgeRegression` does.
IterativeRidge fit_ridge_iteratively(const RidgeData& data, std::span<const double> l2, int threads,
                                     Progress& progress = no_progress());

}  // namespace enxerto
