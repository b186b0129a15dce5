#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "enxerto/heads/lbfgs.h"
#include "enxerto/heads/second_moment.h"
#include "enxerto/heads/whitening.h"

namespace enxerto {

/// The curvature of the softmax loss, the same for each class: p (1 - p) S, with S the second moment of the
/// standardised features. Boehning (1992, "Multinomial logistic regression algorithm") bounds p (1 - p) by 1/2 over all
/// classes; where most rows are sure of their class it is near 1/100, which is used here. S is measured on a sample of
/// twice as many rows as features and shrunk by a tenth to the identity, because a sample knows the flat directions
/// badly.
class CurvatureBound {
 public:
  /// Whether it is worth its cost: building it takes about as long as `rows` * `classes` / (width^2 / 1.2) passes over
  /// the rows (5/3 width^3 against 2 rows * classes * width multiplications), which must be less than the 20 it saves
  /// at least; below 1,000 rows, or above 4,096 features (64 MB), plain L-BFGS is as good.
  static bool pays(std::size_t rows, std::size_t width, std::size_t classes);

  CurvatureBound(const WeighedRows& rows, const Standardisation& standardisation, int threads);

  /// For a penalty of `ridge` / 2 |W|^2 added to the mean loss. Nothing where float32 does not suffice.
  std::optional<Whitening> whitening(double ridge) const;

  /// By how much bias variables are stretched, so that they are on the same scale as the whitened weights.
  static double bias_scale();

 private:
  std::size_t width_;
  int threads_;
  std::vector<float> moment_;  // (width, width)
};

/// `minimise_lbfgs` of a function of W (classes, width) and b (classes) in the variables of `whitening`: L-BFGS with
/// the inverse of Boehning's bound as the first matrix. The tolerance is of the gradient in W and b all the same.
/// Without `whitening` plain L-BFGS.
LbfgsResult minimise_whitened(const SmoothFunction& function, std::vector<double> start, std::size_t classes,
                              const Whitening* whitening, LbfgsOptions options);

}  // namespace enxerto
