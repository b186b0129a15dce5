#include "enxerto/heads/ridge_regression.h"

#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "enxerto/base/error.h"
#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/row_range.h"
#include "enxerto/heads/standardised_rows.h"

namespace enxerto {
namespace {

using Matrix = Eigen::MatrixXd;
using Index = Eigen::Index;

constexpr std::size_t kDoublesAtOnce = 256;  // rows, or features, that are turned into doubles at once
constexpr std::size_t kMostLeftOut = 2000;   // rows
constexpr int kMostWorkers = 4;              // each holds a square matrix of its own

/// The sum over blocks of block^T block, or of block block^T with `outer`; `block_at(begin, count)` gives them.
template <typename BlockAt>
Matrix sum_of_squares(std::size_t side, std::size_t steps, bool outer, int threads, Progress& progress,
                      BlockAt block_at) {
  const int workers = std::min(workers_for(steps, threads), kMostWorkers);
  std::vector<Matrix> sums(to_size(workers));
  run_workers(workers, [&](int worker) {
    Matrix& sum = sums[to_size(worker)];
    sum = Matrix::Zero(index(side), index(side));
    const RowRange range = range_of(steps, workers, worker);
    for (std::size_t begin = range.begin; begin < range.end; begin += kDoublesAtOnce) {
      throw_if_cancelled(progress);
      const RowMatrix block = block_at(begin, std::min(kDoublesAtOnce, range.end - begin));
      if (outer)
        sum.selfadjointView<Eigen::Lower>().rankUpdate(block);
      else
        sum.selfadjointView<Eigen::Lower>().rankUpdate(block.transpose());
    }
  });
  for (std::size_t i = 1; i < sums.size(); ++i) sums.front() += sums[i];
  return std::move(sums.front());
}

/// The square-root-free Cholesky factor of T + l2 I: ones below the diagonal `pivot`, `below` under them.
struct Factor {
  Eigen::VectorXd pivot, below;

  Factor(const Eigen::VectorXd& diagonal, const Eigen::VectorXd& beside, double l2)
      : pivot(diagonal.array() + l2), below(beside) {
    for (Index j = 1; j < pivot.size(); ++j) {
      below[j - 1] = beside[j - 1] / pivot[j - 1];
      pivot[j] -= below[j - 1] * beside[j - 1];
    }
  }

  /// In place: rows of `x` are those of the system, each column a right side.
  void forward(RowMatrix& x) const {
    for (Index j = 1; j < x.rows(); ++j) x.row(j) -= below[j - 1] * x.row(j - 1);
  }
  void backward(RowMatrix& x) const {
    for (Index j = x.rows() - 1; j > 0; --j) x.row(j - 1) -= below[j - 1] * x.row(j);
  }
};

}  // namespace

/// With Q T Q^T the Gram matrix, of features (`dual` false) or of rows.
struct RidgeRegression::Parts {
  StandardisedRows rows;
  bool dual;
  Eigen::Tridiagonalization<Matrix> gram;
  Eigen::VectorXd diagonal, beside;  ///< T
  RowMatrix right;                   ///< (side, values): Q^T X^T y, or Q^T y
  std::vector<std::size_t> sampled;  ///< rows that are left out one by one
  RowMatrix probes;                  ///< (side, sampled): Q^T x of each, or its column of Q^T

  Parts(const RidgeData& data, int threads) : rows(data, threads), dual(data.rows() <= data.features.width) {}

  std::size_t side() const { return dual ? rows.rows() : rows.width(); }

  void decompose(int threads, Progress& progress) {
    gram.compute(dual ? sum_of_squares(side(), rows.width(), true, threads, progress,
                                       [&](std::size_t begin, std::size_t count) { return rows.columns(begin, count); })
                      : sum_of_squares(side(), rows.rows(), false, threads, progress,
                                       [&](std::size_t begin, std::size_t count) { return rows.block(begin, count); }));
    diagonal = gram.diagonal();
    beside = gram.subDiagonal();
  }

  void make_right() {
    Matrix sum;
    if (dual) {
      sum = rows.targets(0, rows.rows());
    } else {
      sum = Matrix::Zero(index(side()), index(rows.values()));
      for (std::size_t begin = 0; begin < rows.rows(); begin += kDoublesAtOnce) {
        const std::size_t count = std::min(kDoublesAtOnce, rows.rows() - begin);
        sum += rows.block(begin, count).transpose() * rows.targets(begin, count);
      }
    }
    right = gram.matrixQ().transpose() * sum;
  }

  void make_probes(int threads, Progress& progress) {
    const std::size_t step = std::max<std::size_t>(1, (rows.rows() + kMostLeftOut - 1) / kMostLeftOut);
    for (std::size_t r = 0; r < rows.rows(); r += step) sampled.push_back(r);
    probes.resize(index(side()), index(sampled.size()));
    const std::size_t blocks = (sampled.size() + kDoublesAtOnce - 1) / kDoublesAtOnce;
    parallel_for(threads, blocks, [&](std::size_t block) {
      throw_if_cancelled(progress);
      const std::size_t begin = block * kDoublesAtOnce, count = std::min(kDoublesAtOnce, sampled.size() - begin);
      Matrix columns = Matrix::Zero(index(side()), index(count));
      for (std::size_t i = 0; i < count; ++i) {
        if (dual)
          columns(index(sampled[begin + i]), index(i)) = 1;
        else
          columns.col(index(i)) = rows.block(sampled[begin + i], 1).transpose();
      }
      probes.middleCols(index(begin), index(count)) = gram.matrixQ().transpose() * columns;
    });
  }
};

RidgeRegression::RidgeRegression(const RidgeData& data, int threads, Progress& progress) {
  if (std::min(data.rows(), data.features.width) > kLargestDecomposition)
    throw usage_error("ridge regression", fmt::format("{} rows of {} features", data.rows(), data.features.width),
                      fmt::format("one of them at most {}", kLargestDecomposition));
  threads = resolve_threads(threads);
  parts_ = std::make_unique<Parts>(data, threads);
  parts_->decompose(threads, progress);
  throw_if_cancelled(progress);
  parts_->make_right();
  parts_->make_probes(threads, progress);
}

RidgeRegression::~RidgeRegression() = default;

std::vector<double> RidgeRegression::leave_one_out(double l2) const {
  const Parts& parts = *parts_;
  const Factor factor(parts.diagonal, parts.beside, l2);
  RowMatrix probes = parts.probes, right = parts.right;
  factor.forward(probes);
  factor.forward(right);
  const RowMatrix scaled = factor.pivot.cwiseInverse().asDiagonal() * probes;
  const Eigen::RowVectorXd square = probes.cwiseProduct(scaled).colwise().sum();
  const RowMatrix answers = scaled.transpose() * right;  // (sampled, values)
  const auto count = static_cast<double>(parts.rows.rows());
  std::vector<double> errors(parts.rows.values());
  if (parts.rows.rows() < 2) return std::vector<double>(errors.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < parts.sampled.size(); ++i) {
    const RowMatrix truth = parts.rows.targets(parts.sampled[i], 1);
    // The hat matrix is 1/n + X (X^T X + l2)^-1 X^T, which of the rows' Gram matrix K is 1/n + 1 - l2 (K + l2)^-1.
    const double rest = (parts.dual ? l2 * square[index(i)] : 1 - square[index(i)]) - 1 / count;
    for (std::size_t v = 0; v < errors.size(); ++v) {
      const double answer = answers(index(i), index(v));
      const double residual = parts.dual ? l2 * answer : truth(0, index(v)) - answer;
      errors[v] += residual * residual / (rest * rest) / static_cast<double>(parts.sampled.size());
    }
  }
  return errors;
}

LinearClassifier RidgeRegression::layer(std::span<const double> l2) const {
  const Parts& parts = *parts_;
  Matrix solution(index(parts.side()), index(parts.rows.values()));
  for (std::size_t v = 0; v < l2.size(); ++v) {
    const Factor factor(parts.diagonal, parts.beside, l2[v]);
    RowMatrix x = parts.right.col(index(v));
    factor.forward(x);
    x.array() /= factor.pivot.array();
    factor.backward(x);
    solution.col(index(v)) = x;
  }
  solution = (parts.gram.matrixQ() * solution).eval();
  if (!parts.dual) return parts.rows.layer(solution);
  RowMatrix weight(index(parts.rows.width()), index(parts.rows.values()));
  for (std::size_t begin = 0; begin < parts.rows.width(); begin += kDoublesAtOnce) {
    const std::size_t count = std::min(kDoublesAtOnce, parts.rows.width() - begin);
    weight.middleRows(index(begin), index(count)) = parts.rows.columns(begin, count).transpose() * solution;
  }
  return parts.rows.layer(weight);
}

}  // namespace enxerto
