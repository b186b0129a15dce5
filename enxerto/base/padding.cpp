#include "enxerto/base/padding.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "enxerto/base/error.h"

namespace enxerto {
namespace {

template <typename T>
void fill_with(T value, std::span<std::byte> to) {
  std::fill_n(reinterpret_cast<T*>(to.data()), to.size() / sizeof(T), value);
}

}  // namespace

std::int64_t PadOptions::padded(std::int64_t length) const {
  length = std::max<std::int64_t>(length, 1);
  if (buckets == Buckets::none || step < 1) return length;
  if (buckets == Buckets::multiples) return (length + step - 1) / step * step;
  if (buckets == Buckets::eighths) {
    std::int64_t unit = step;
    while (8 * unit < length) unit *= 2;
    return (length + unit - 1) / unit * unit;
  }
  std::int64_t bucket = step;
  while (bucket < length) bucket *= 2;
  return bucket;
}

void fill(double value, DType dtype, std::span<std::byte> to) {
  switch (dtype) {
    case DType::f32:
      return fill_with(static_cast<float>(value), to);
    case DType::f64:
      return fill_with(value, to);
    case DType::i64:
      return fill_with(static_cast<std::int64_t>(value), to);
    case DType::i32:
      return fill_with(static_cast<std::int32_t>(value), to);
    case DType::u8:
      return fill_with(static_cast<std::uint8_t>(static_cast<std::int64_t>(value)), to);  // -1 is 255
    case DType::boolean:
      return fill_with(value != 0, to);
    default:
      break;
  }
  throw data_error("values that are filled up", std::string(name_of(dtype)),
                   "float32, float64, int64, int32, uint8 or bool where shapes vary");
}

void copy_block(const std::byte* source, std::span<const std::int64_t> from, std::byte* target,
                std::span<const std::int64_t> to, std::size_t size) {
  if (from.empty() || std::equal(from.begin() + 1, from.end(), to.begin() + 1)) {
    std::size_t bytes = size;
    for (std::size_t i = 0; i < from.size(); ++i) bytes *= static_cast<std::size_t>(std::min(from[i], to[i]));
    if (bytes > 0) std::memcpy(target, source, bytes);
    return;
  }
  std::size_t source_step = size, target_step = size;
  for (std::size_t i = 1; i < from.size(); ++i) {
    source_step *= static_cast<std::size_t>(from[i]);
    target_step *= static_cast<std::size_t>(to[i]);
  }
  for (std::int64_t i = 0; i < std::min(from[0], to[0]); ++i) {
    const auto at = static_cast<std::size_t>(i);
    copy_block(source + at * source_step, from.subspan(1), target + at * target_step, to.subspan(1), size);
  }
}

}  // namespace enxerto
