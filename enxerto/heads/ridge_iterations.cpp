#include <algorithm>
#include <cmath>
#include <vector>

#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/ridge_regression.h"
#include "enxerto/heads/row_range.h"
#include "enxerto/heads/standardised_rows.h"

namespace enxerto {
namespace {

constexpr int kMostIterations = 500;
constexpr double kTolerance = 1e-8;
constexpr std::size_t kColumnsAtOnce = 64;

/// Sums `part(begin, count)`, (width, values), over all rows.
template <typename Part>
RowMatrix sum_over_rows(const StandardisedRows& rows, int threads, Part part) {
  const int workers = workers_for(rows.rows(), threads);
  std::vector<RowMatrix> sums(to_size(workers), RowMatrix::Zero(index(rows.width()), index(rows.values())));
  run_workers(workers, [&](int worker) {
    const RowRange range = range_of(rows.rows(), workers, worker);
    for (std::size_t begin = range.begin; begin < range.end; begin += kColumnsAtOnce)
      sums[to_size(worker)] += part(begin, std::min(kColumnsAtOnce, range.end - begin));
  });
  for (std::size_t i = 1; i < sums.size(); ++i) sums.front() += sums[i];
  return sums.front();
}

using PerValue = Eigen::RowVectorXd;

PerValue squares(const RowMatrix& x) { return x.colwise().squaredNorm(); }

/// a / b where b is above 0: a value that is solved already takes no more steps.
PerValue ratio(const PerValue& a, const PerValue& b) {
  return (b.array() > 0).select(a.array() / b.array().max(1e-300), 0);
}

}  // namespace

IterativeRidge fit_ridge_iteratively(const RidgeData& data, std::span<const double> l2, int threads,
                                     Progress& progress) {
  threads = resolve_threads(threads);
  const StandardisedRows rows(data, threads);
  const Eigen::Map<const PerValue> strength(l2.data(), index(l2.size()));
  RowMatrix residual = sum_over_rows(rows, threads, [&](std::size_t begin, std::size_t count) -> RowMatrix {
    return rows.block(begin, count).transpose() * rows.targets(begin, count);
  });
  RowMatrix weight = RowMatrix::Zero(residual.rows(), residual.cols()), direction = residual;
  PerValue size = squares(residual);
  const PerValue enough = size * (kTolerance * kTolerance);
  IterativeRidge result;
  progress.begin("fit", to_size(kMostIterations));
  while (!(result.converged = (size.array() <= enough.array()).all()) && result.iterations < kMostIterations) {
    throw_if_cancelled(progress);
    RowMatrix mapped = sum_over_rows(rows, threads, [&](std::size_t begin, std::size_t count) -> RowMatrix {
      const RowMatrix block = rows.block(begin, count);
      return block.transpose() * (block * direction);
    });
    mapped += direction * strength.asDiagonal();
    const PerValue step = ratio(size, direction.cwiseProduct(mapped).colwise().sum());
    weight += direction * step.asDiagonal();
    residual -= mapped * step.asDiagonal();
    const PerValue before = size;
    size = squares(residual);
    direction = residual + direction * ratio(size, before).asDiagonal();
    ++result.iterations;
    progress.advance(1);
  }
  progress.end();
  result.layer = rows.layer(weight);
  return result;
}

}  // namespace enxerto
