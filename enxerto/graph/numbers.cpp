#include "enxerto/graph/numbers.h"

#include <algorithm>
#include <cmath>

namespace enxerto {
namespace {

template <typename T>
std::vector<Number> values_of(const Tensor& tensor) {
  std::vector<Number> values;
  for (const T value : tensor.as<T>()) values.push_back({.value = static_cast<long double>(value), .symbol = {}});
  return values;
}

template <typename T>
Tensor tensor_of(const Numbers& numbers) {
  TensorBuffer buffer(numbers.dtype, numbers.shape);
  std::transform(numbers.values.begin(), numbers.values.end(), buffer.as<T>().begin(),
                 [](const Number& number) { return static_cast<T>(number.value); });
  return std::move(buffer).freeze();
}

}  // namespace

bool Numbers::is_fixed() const {
  return std::none_of(values.begin(), values.end(), [](const Number& number) { return number.is_symbolic(); });
}

std::optional<Numbers> numbers_of(const Tensor& tensor) {
  if (tensor.size() > kMostNumbers) return std::nullopt;
  Numbers numbers{.dtype = tensor.dtype(), .shape = tensor.shape(), .values = {}};
  switch (tensor.dtype()) {
    case DType::f64:
      numbers.values = values_of<double>(tensor);
      break;
    case DType::f32:
      numbers.values = values_of<float>(tensor);
      break;
    case DType::i64:
      numbers.values = values_of<std::int64_t>(tensor);
      break;
    case DType::i32:
      numbers.values = values_of<std::int32_t>(tensor);
      break;
    case DType::boolean:
      numbers.values = values_of<bool>(tensor);
      break;
    default:
      return std::nullopt;
  }
  return numbers;
}

Tensor to_tensor(const Numbers& numbers) {
  switch (numbers.dtype) {
    case DType::f64:
      return tensor_of<double>(numbers);
    case DType::f32:
      return tensor_of<float>(numbers);
    case DType::i32:
      return tensor_of<std::int32_t>(numbers);
    case DType::boolean:
      return tensor_of<bool>(numbers);
    default:
      return tensor_of<std::int64_t>(numbers);
  }
}

Number number_of(const Dim& dim) {
  return dim.is_symbolic() ? Number{.value = 0, .symbol = dim.symbol}
                           : Number{.value = static_cast<long double>(dim.size), .symbol = {}};
}

std::optional<Dim> dim_of(const Number& number) {
  if (number.is_symbolic()) return Dim(number.symbol);
  constexpr long double kLargest = 4611686018427387904.0L;  // 2^62
  if (!(number.value >= 0 && number.value <= kLargest) || number.value != std::floor(number.value)) return std::nullopt;
  return Dim(static_cast<std::int64_t>(number.value));
}

}  // namespace enxerto
