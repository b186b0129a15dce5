#include "enxerto/pretrained/position_grid.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "enxerto/base/floating.h"
#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

/// What one row of the new grid takes from the rows `first`, first + 1, .. of the old one.
struct Mix {
  std::int64_t first = 0;
  std::vector<double> weights;
};

/// Keys 1981, with the free coefficient `a`.
double cubic(double x, double a) {
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

/// Four neighbours; beyond the border stands the border's row.
Mix plain_mix(double at, std::int64_t from) {
  constexpr double kA = -0.75;
  const auto left = static_cast<std::int64_t>(std::floor(at));
  Mix mix{.first = std::clamp<std::int64_t>(left - 1, 0, from - 1), .weights = {}};
  const std::int64_t last = std::clamp<std::int64_t>(left + 2, 0, from - 1);
  mix.weights.resize(to_size(last - mix.first + 1));
  for (std::int64_t i = left - 1; i <= left + 2; ++i) {
    const std::int64_t row = std::clamp<std::int64_t>(i, 0, from - 1);
    mix.weights[to_size(row - mix.first)] += cubic(at - static_cast<double>(i), kA);
  }
  return mix;
}

/// As many neighbours as the reduction asks for, and none beyond the border.
Mix antialiased_mix(std::int64_t to_row, std::int64_t from, double scale) {
  constexpr double kA = -0.5;
  const double stretch = std::max(scale, 1.0), support = 2 * stretch;
  const double center = scale * (static_cast<double>(to_row) + 0.5);
  const std::int64_t first = std::max<std::int64_t>(static_cast<std::int64_t>(center - support + 0.5), 0);
  const std::int64_t end = std::min<std::int64_t>(static_cast<std::int64_t>(center + support + 0.5), from);
  Mix mix{.first = first, .weights = {}};
  double sum = 0;
  for (std::int64_t i = first; i < end; ++i) {
    mix.weights.push_back(cubic((static_cast<double>(i) - center + 0.5) / stretch, kA));
    sum += mix.weights.back();
  }
  for (double& weight : mix.weights) weight /= sum;
  return mix;
}

Mix mix_of(std::int64_t to_row, std::int64_t from, std::int64_t to, PositionResampling how) {
  const auto row = static_cast<double>(to_row), old_side = static_cast<double>(from), side = static_cast<double>(to);
  switch (how) {
    case PositionResampling::antialiased:
      return antialiased_mix(to_row, from, old_side / side);
    case PositionResampling::plain:
      return plain_mix(old_side / side * (row + 0.5) - 0.5, from);
    case PositionResampling::corners:
      return plain_mix(to > 1 ? row * (old_side - 1) / (side - 1) : 0.0, from);
    case PositionResampling::offset_by_a_tenth:
      return plain_mix(old_side / (side + 0.1) * (row + 0.5) - 0.5, from);
  }
  return {};
}

/// `out` += weight * `in`, `count` numbers.
void accumulate(std::span<double> out, std::span<const float> in, double weight) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] += weight * static_cast<double>(in[i]);
}

}  // namespace

std::optional<std::int64_t> position_side(const Shape& shape) {
  if (shape.size() != 3 || shape[0] != 1 || shape[1] < 2 || shape[2] < 1) return {};
  const std::int64_t patches = shape[1] - 1;
  const auto side = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(patches))));
  if (side * side != patches) return {};
  return side;
}

Tensor resample_positions(const Tensor& positions, const Shape& wanted, PositionResampling how) {
  const std::optional<std::int64_t> from = position_side(positions.shape()), to = position_side(wanted);
  if (!from || !to || *from == *to || positions.shape()[2] != wanted[2] || !is_floating(positions.dtype()))
    return positions;
  const auto width = to_size(positions.shape()[2]);
  const Tensor source = positions.to_float32();
  const std::span<const float> old = source.as<float>();
  std::vector<Mix> mixes;
  for (std::int64_t i = 0; i < *to; ++i) mixes.push_back(mix_of(i, *from, *to, how));
  TensorBuffer buffer(DType::f32, wanted);
  const std::span<float> out = buffer.as<float>();
  std::copy_n(old.begin(), width, out.begin());
  std::vector<double> sum(width);
  for (std::size_t row = 0; row < mixes.size(); ++row) {
    for (std::size_t column = 0; column < mixes.size(); ++column) {
      std::fill(sum.begin(), sum.end(), 0.0);
      for (std::size_t y = 0; y < mixes[row].weights.size(); ++y)
        for (std::size_t x = 0; x < mixes[column].weights.size(); ++x) {
          const auto at = to_size((mixes[row].first + static_cast<std::int64_t>(y)) * *from + mixes[column].first +
                                  static_cast<std::int64_t>(x));
          accumulate(sum, old.subspan((1 + at) * width, width), mixes[row].weights[y] * mixes[column].weights[x]);
        }
      const std::span<float> row_out = out.subspan((1 + row * mixes.size() + column) * width, width);
      std::transform(sum.begin(), sum.end(), row_out.begin(), [](double value) { return static_cast<float>(value); });
    }
  }
  return std::move(buffer).freeze();
}

}  // namespace enxerto
