#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "enxerto/heads/skinny_product.h"

namespace enxerto {

/// The inverse Cholesky factor P of M = scale * A + ridge * I over features: P M P^T = I, P lower triangular, in
/// float32. P turns gradients into those of variables in which M is the identity, P^T turns steps there back.
class Whitening {
 public:
  struct Matrix {
    std::span<const float> values;  ///< A: (width, width), symmetric; looked at while building only
    std::size_t width = 0;
    double scale = 1, ridge = 0;
  };

  /// About 2/3 width^3 multiplications. Nothing where M is not positive definite in float32.
  static std::optional<Whitening> of(const Matrix& matrix, int threads,
                                     const SkinnyProduct& product = fastest_skinny_product());

  /// `out` (width, classes) = P `gradient`^T, `gradient` (classes, width).
  void whiten(std::span<const double> gradient, std::size_t classes, std::span<double> out) const;

  /// `out` (classes, width) += `step`^T P, `step` (width, classes).
  void add_unwhitened(std::span<const double> step, std::size_t classes, std::span<double> out) const;

 private:
  Whitening(std::size_t width, int threads, const SkinnyProduct& product);
  bool add_rows(const Matrix& matrix, std::size_t first, std::size_t count);
  RowBlock block(std::size_t begin) const;
  int workers(std::size_t rows) const;

  std::size_t width_;
  int threads_;
  const SkinnyProduct* product_;
  std::vector<float> factor_;       // (width, width)
  std::vector<const float*> rows_;  // of factor_, whose address a move keeps
};

}  // namespace enxerto
