#include "enxerto/weights/foreign_tensor.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "enxerto/base/endless_shape.h"
#include "enxerto/base/to_size.h"

namespace enxerto {

std::optional<std::size_t> byte_count(DType dtype, const Shape& shape) {
  std::int64_t count = 1, bytes = 0;
  for (const std::int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(count, size, &count)) return std::nullopt;
  }
  if (__builtin_mul_overflow(count, static_cast<std::int64_t>(size_of(dtype)), &bytes)) return std::nullopt;
  if (count == 0 && is_endless(shape)) return std::nullopt;
  return to_size(bytes);
}

Tensor foreign_tensor(DType dtype, Shape shape, std::shared_ptr<const std::byte> data) {
  const std::size_t bytes = byte_count(dtype, shape).value();
  const bool aligned = reinterpret_cast<std::uintptr_t>(data.get()) % size_of(dtype) == 0;
  const bool odd_booleans = dtype == DType::boolean && std::any_of(data.get(), data.get() + bytes, [](std::byte value) {
                              return value > std::byte{1};
                            });
  if (aligned && !odd_booleans) return {dtype, std::move(shape), std::move(data)};
  TensorBuffer buffer(dtype, std::move(shape));
  if (bytes > 0) std::memcpy(buffer.data(), data.get(), bytes);
  if (odd_booleans) {
    for (std::byte& value : buffer.bytes()) value = std::min(value, std::byte{1});
  }
  return std::move(buffer).freeze();
}

}  // namespace enxerto
