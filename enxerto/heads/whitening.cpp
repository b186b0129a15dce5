#include "enxerto/heads/whitening.h"

#include <Eigen/Cholesky>
#include <algorithm>

#include "enxerto/base/threads.h"
#include "enxerto/base/to_size.h"
#include "enxerto/heads/row_range.h"

namespace enxerto {
namespace {

constexpr std::size_t kFactorRowsAtOnce = 60;

using Block = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using FloatBlock = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// (classes, taken): the first columns of a (classes, width) matrix, in float32.
std::vector<float> first_columns(std::span<const double> values, std::size_t classes, std::size_t taken) {
  const std::size_t width = values.size() / classes;
  std::vector<float> result(classes * taken);
  for (std::size_t k = 0; k < classes; ++k)
    for (std::size_t f = 0; f < taken; ++f) result[k * taken + f] = static_cast<float>(values[k * width + f]);
  return result;
}

/// With a the rows of M next to the factor P that is there, t = P a^T: what the next rows of P need.
struct Projection {
  Block back, square;  // t^T P and t^T t

  Projection(Eigen::Index count, Eigen::Index before)
      : back(Block::Zero(count, before)), square(Block::Zero(count, count)) {}
};

void project(const SkinnyProduct& product, const RowBlock& factor, const FloatBlock& beside, Projection& sums) {
  const auto count = to_size(beside.rows());
  std::vector<float> t(factor.count * count);
  std::vector<const float*> t_rows(factor.count);
  for (std::size_t r = 0; r < factor.count; ++r) t_rows[r] = t.data() + r * count;
  product.scores(factor, count, beside.data(), t.data());
  product.accumulate(factor, count, t.data(), sums.back.data());
  product.accumulate({t_rows.data(), factor.count, count}, count, t.data(), sums.square.data());
}

}  // namespace

Whitening::Whitening(std::size_t width, int threads, const SkinnyProduct& product)
    : width_(width), threads_(threads), product_(&product), factor_(width * width), rows_(width) {
  for (std::size_t r = 0; r < width; ++r) rows_[r] = factor_.data() + r * width;
}

int Whitening::workers(std::size_t rows) const {
  constexpr std::size_t kLeastWork = 1 << 16;  // less does not pay for a thread's start
  return rows * width_ < kLeastWork ? 1 : workers_for(rows, threads_);
}

std::optional<Whitening> Whitening::of(const Matrix& matrix, int threads, const SkinnyProduct& product) {
  Whitening result(matrix.width, threads, product);
  for (std::size_t first = 0; first < matrix.width; first += kFactorRowsAtOnce)
    if (!result.add_rows(matrix, first, std::min(kFactorRowsAtOnce, matrix.width - first))) return std::nullopt;
  return result;
}

/// With (a, c) the next rows of M and D D^T = c - t^T t, the next rows of P are D^-1 (-t^T P, I).
bool Whitening::add_rows(const Matrix& matrix, std::size_t first, std::size_t count) {
  const auto size = static_cast<Eigen::Index>(count), before = static_cast<Eigen::Index>(first);
  const auto width = static_cast<Eigen::Index>(width_);
  const Eigen::Map<const FloatBlock> given(matrix.values.data() + first * width_, size, width);
  const FloatBlock beside = given.leftCols(before) * static_cast<float>(matrix.scale);

  const int all = workers(first);
  std::vector<Projection> parts(to_size(all), Projection(size, before));
  run_workers(all, [&](int worker) {
    const RowRange range = range_of(first, all, worker);
    const std::size_t step = rows_per_block(first);
    for (std::size_t begin = range.begin; begin < range.end; begin += step)
      project(*product_, {rows_.data() + begin, std::min(step, range.end - begin), first}, beside,
              parts[to_size(worker)]);
  });
  Projection& sum = parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    sum.back += parts[i].back;
    sum.square += parts[i].square;
  }

  Block corner = given.middleCols(before, size).cast<double>() * matrix.scale - sum.square;
  corner.diagonal().array() += matrix.ridge;
  const Eigen::LLT<Block> cholesky(corner);
  if (cholesky.info() != Eigen::Success) return false;
  Eigen::Map<FloatBlock> rows(factor_.data() + first * width_, size, width);
  if (first > 0) rows.leftCols(before) = -cholesky.matrixL().solve(sum.back).cast<float>();
  rows.middleCols(before, size) = cholesky.matrixL().solve(Block::Identity(size, size)).cast<float>();
  return rows.allFinite();
}

/// The rows from `begin` on, without the zeros behind the diagonal of the last one.
RowBlock Whitening::block(std::size_t begin) const {
  const std::size_t end = std::min(begin + rows_per_block(width_), width_);
  return {rows_.data() + begin, end - begin, end};
}

void Whitening::whiten(std::span<const double> gradient, std::size_t classes, std::span<double> out) const {
  const int all = workers(width_);
  const std::size_t step = rows_per_block(width_), stride = step * to_size(all);
  run_workers(all, [&](int worker) {
    std::vector<float> whitened(step * classes);
    for (std::size_t begin = step * to_size(worker); begin < width_; begin += stride) {
      const RowBlock rows = block(begin);
      product_->scores(rows, classes, first_columns(gradient, classes, rows.features).data(), whitened.data());
      std::copy_n(whitened.begin(), rows.count * classes, out.begin() + static_cast<std::ptrdiff_t>(begin * classes));
    }
  });
}

void Whitening::add_unwhitened(std::span<const double> step, std::size_t classes, std::span<double> out) const {
  const int all = workers(width_);
  const std::size_t at_once = rows_per_block(width_), stride = at_once * to_size(all);
  const std::vector<float> residuals(step.begin(), step.end());
  std::vector<std::vector<double>> parts(to_size(all), std::vector<double>(out.size()));
  run_workers(all, [&](int worker) {
    std::vector<double>& part = parts[to_size(worker)];
    std::vector<double> total;
    for (std::size_t begin = at_once * to_size(worker); begin < width_; begin += stride) {
      const RowBlock rows = block(begin);
      total.assign(classes * rows.features, 0.0);
      product_->accumulate(rows, classes, residuals.data() + begin * classes, total.data());
      for (std::size_t k = 0; k < classes; ++k)
        for (std::size_t f = 0; f < rows.features; ++f) part[k * width_ + f] += total[k * rows.features + f];
    }
  });
  for (const std::vector<double>& part : parts)
    for (std::size_t i = 0; i < out.size(); ++i) out[i] += part[i];
}

}  // namespace enxerto
