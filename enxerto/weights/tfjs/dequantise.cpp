#include "enxerto/weights/tfjs/dequantise.h"

#include <cmath>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

namespace enxerto {
namespace {

// The bytes need not be aligned: a weight begins where the one before it ends.
template <typename Stored>
Stored element(const std::byte* stored, std::size_t index) {
  Stored value{};
  std::memcpy(&value, stored + index * sizeof(Stored), sizeof(Stored));
  return value;
}

template <typename Stored, typename Value>
void restore(const std::byte* stored, const TfjsQuantization& how, std::span<Value> to) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    const double value = static_cast<double>(element<Stored>(stored, i)) * how.scale + how.min;
    to[i] = static_cast<Value>(std::is_integral_v<Value> ? std::floor(value + 0.5) : value);
  }
}

template <typename Value>
void restore_linear(const std::byte* stored, const TfjsQuantization& how, std::span<Value> to) {
  how.stored == DType::u8 ? restore<std::uint8_t>(stored, how, to) : restore<std::uint16_t>(stored, how, to);
}

void restore_halves(const std::byte* stored, std::span<float> to) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = to_float(element<Half>(stored, i));
}

}  // namespace

Tensor dequantised(const TfjsWeight& weight, const std::byte* stored) {
  const TfjsQuantization& how = weight.quantization.value();
  TensorBuffer buffer(weight.dtype, weight.shape);
  if (how.stored == DType::f16) {
    restore_halves(stored, buffer.as<float>());
  } else if (weight.dtype == DType::f32) {
    restore_linear(stored, how, buffer.as<float>());
  } else {
    restore_linear(stored, how, buffer.as<std::int32_t>());
  }
  return std::move(buffer).freeze();
}

}  // namespace enxerto
