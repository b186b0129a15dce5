#include "enxerto/pretrained/keras/keras_layout.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

#include "enxerto/base/to_size.h"

namespace enxerto {
namespace {

/// Every kernel of Keras is a matrix whose last dimensions, the columns, are our first. What else there is, its rows,
/// comes in an order of its own: our row i is Keras's row `rows[i]`.
struct Matrix {
  std::vector<std::size_t> rows;
  std::size_t columns = 0;
};

/// Where (a, b, c) in the order of `ours` lies in Keras, for the order (b, c, a) there: kernels (in, h, w) and maps
/// (C, H, W).
std::vector<std::size_t> channels_last(const Shape& ours) {
  const auto a = to_size(ours[0]), plane = to_size(ours[1] * ours[2]);
  std::vector<std::size_t> rows;
  rows.reserve(a * plane);
  for (std::size_t channel = 0; channel < a; ++channel)
    for (std::size_t pixel = 0; pixel < plane; ++pixel) rows.push_back(pixel * a + channel);
  return rows;
}

std::vector<std::size_t> in_order(std::size_t count) {
  std::vector<std::size_t> rows(count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

/// For a weight of ours of this shape, which has no empty dimension.
Matrix matrix_of(const Shape& ours, const WeightedKerasLayer& layer) {
  Matrix matrix{.rows = {}, .columns = to_size(ours[0])};
  if (layer.kind == KerasKind::convolution)
    matrix.rows = channels_last({ours[1], ours[2], ours[3]});
  else if (layer.kind == KerasKind::dense && !layer.map.empty() && element_count(layer.map) == to_size(ours[1]))
    matrix.rows = channels_last(layer.map);
  else
    matrix.rows = in_order(element_count(ours) / matrix.columns);
  return matrix;
}

constexpr std::size_t kTile = 32;  // a tile of both sides stays in the first cache

/// to[column][row] = from[rows[row]][column], or the way back.
template <typename T, bool back>
void transpose(const std::byte* source, std::byte* target, const Matrix& matrix) {
  const auto* const from = reinterpret_cast<const T*>(source);
  auto* const to = reinterpret_cast<T*>(target);
  const std::size_t height = matrix.rows.size();
  for (std::size_t top = 0; top < height; top += kTile) {
    const std::size_t bottom = std::min(height, top + kTile);
    for (std::size_t left = 0; left < matrix.columns; left += kTile) {
      const std::size_t right = std::min(matrix.columns, left + kTile);
      for (std::size_t column = left; column < right; ++column) {
        for (std::size_t row = top; row < bottom; ++row) {
          const std::size_t theirs = matrix.rows[row] * matrix.columns + column, ours = column * height + row;
          if constexpr (back)
            to[theirs] = from[ours];
          else
            to[ours] = from[theirs];
        }
      }
    }
  }
}

template <bool back>
Tensor transposed(const Tensor& tensor, const Shape& shape, const Matrix& matrix) {
  TensorBuffer buffer(tensor.dtype(), shape);
  switch (size_of(tensor.dtype())) {
    case 1:
      transpose<std::uint8_t, back>(tensor.data(), buffer.data(), matrix);
      break;
    case 2:
      transpose<std::uint16_t, back>(tensor.data(), buffer.data(), matrix);
      break;
    case 4:
      transpose<std::uint32_t, back>(tensor.data(), buffer.data(), matrix);
      break;
    default:
      transpose<std::uint64_t, back>(tensor.data(), buffer.data(), matrix);
  }
  return std::move(buffer).freeze();
}

bool is_kernel(const Shape& shape, const WeightedKerasLayer& layer) {
  const std::size_t rank = layer.kind == KerasKind::dense ? 2 : 4;
  return layer.kind != KerasKind::normalisation && shape.size() == rank &&
         std::all_of(shape.begin(), shape.end(), [](std::int64_t size) { return size > 0; });
}

}  // namespace

Shape kernel_shape_from_keras(const Shape& kernel, const WeightedKerasLayer& layer) {
  if (!is_kernel(kernel, layer)) return kernel;
  if (layer.kind == KerasKind::dense) return {kernel[1], kernel[0]};
  if (layer.kind == KerasKind::depthwise) return {kernel[2] * kernel[3], 1, kernel[0], kernel[1]};
  return {kernel[3], kernel[2], kernel[0], kernel[1]};
}

Tensor kernel_from_keras(const Tensor& kernel, const WeightedKerasLayer& layer) {
  if (!is_kernel(kernel.shape(), layer)) return kernel;
  const Shape shape = kernel_shape_from_keras(kernel.shape(), layer);
  return transposed<false>(kernel, shape, matrix_of(shape, layer));
}

Tensor kernel_to_keras(const Tensor& weight, const WeightedKerasLayer& layer) {
  const Shape& ours = weight.shape();
  if (!is_kernel(ours, layer)) return weight;
  Shape theirs{ours[1], ours[0]};
  if (layer.kind == KerasKind::depthwise) theirs = {ours[2], ours[3], ours[0], 1};
  if (layer.kind == KerasKind::convolution) theirs = {ours[2], ours[3], ours[1], ours[0]};
  return transposed<true>(weight, theirs, matrix_of(ours, layer));
}

}  // namespace enxerto
