#include "enxerto/base/stored_rows.h"

#include <fmt/format.h>
#include <immintrin.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "enxerto/base/error.h"

#define ENXERTO_AVX2 __attribute__((target("avx2,f16c")))
#define ENXERTO_INLINE inline __attribute__((always_inline))

namespace enxerto {
namespace {

constexpr float kLargestHalf = 65504;
constexpr std::size_t kLanes = 8;

// The loops without branches, compiled twice: the compiler makes vector instructions of them.

ENXERTO_INLINE void narrow(const float* from, std::size_t count, BFloat16* to) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = std::bit_cast<std::uint32_t>(from[i]);
    const std::uint32_t rounded = (bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16;
    const bool is_number = (bits & 0x7fffffffU) <= 0x7f800000U;
    to[i].bits = static_cast<std::uint16_t>(is_number ? rounded : (bits >> 16) | 0x40U);
  }
}

ENXERTO_INLINE void widen(const BFloat16* from, std::size_t count, float* to) {
  for (std::size_t i = 0; i < count; ++i) to[i] = std::bit_cast<float>(static_cast<std::uint32_t>(from[i].bits) << 16);
}

struct Loops {
  void (*narrow_bf16)(const float*, std::size_t, BFloat16*);
  void (*widen_bf16)(const BFloat16*, std::size_t, float*);
  void (*narrow_f16)(const float*, std::size_t, Half*);
  void (*widen_f16)(const Half*, std::size_t, float*);
};

void narrow_half(const float* from, std::size_t count, Half* to) {
  for (std::size_t i = 0; i < count; ++i) to[i] = to_half(from[i]);
}
void widen_half(const Half* from, std::size_t count, float* to) {
  for (std::size_t i = 0; i < count; ++i) to[i] = to_float(from[i]);
}

ENXERTO_AVX2 void narrow_avx2(const float* from, std::size_t count, BFloat16* to) { narrow(from, count, to); }
ENXERTO_AVX2 void widen_avx2(const BFloat16* from, std::size_t count, float* to) { widen(from, count, to); }

ENXERTO_AVX2 void narrow_half_avx2(const float* from, std::size_t count, Half* to) {
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    const __m128i halves = _mm256_cvtps_ph(_mm256_loadu_ps(from + i), _MM_FROUND_TO_NEAREST_INT);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), halves);
  }
  narrow_half(from + i, count - i, to + i);
}

ENXERTO_AVX2 void widen_half_avx2(const Half* from, std::size_t count, float* to) {
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    _mm256_storeu_ps(to + i, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i))));
  widen_half(from + i, count - i, to + i);
}

const Loops& loops() {
  static constexpr Loops kScalar{[](const float* from, std::size_t count, BFloat16* to) { narrow(from, count, to); },
                                 [](const BFloat16* from, std::size_t count, float* to) { widen(from, count, to); },
                                 narrow_half, widen_half};
  static constexpr Loops kVector{narrow_avx2, widen_avx2, narrow_half_avx2, widen_half_avx2};
  static const bool fast = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("f16c") != 0;
  return fast ? kVector : kScalar;
}

void check_range(std::span<const float> values) {
  float most = 0;
  for (const float value : values) {
    const float size = std::fabs(value);
    most = size > most && size <= 3.402823466e38F ? size : most;
  }
  // The next half beyond would be 65536; up to the middle they round down.
  if (most < kLargestHalf + 16) return;
  throw data_error("features stored as float16", fmt::format("a value of {}", most),
                   fmt::format("at most {}", kLargestHalf), "store them as bfloat16 or float32");
}

[[noreturn]] void refuse(DType dtype) {
  throw usage_error("dtype of stored rows", std::string(name_of(dtype)), "float32, float16 or bfloat16");
}

}  // namespace

StoredRows::StoredRows(const Rows& rows, std::string name, Shape shape)
    : StoredRows(RowLayout{.values = {{.name = std::move(name), .dtype = DType::f32, .shape = std::move(shape)}}}) {
  records_.reserve(rows.size());
  for (const float* row : rows.row) records_.push_back(reinterpret_cast<const std::byte*>(row));
}

void StoredRows::add(std::span<const std::byte> record) {
  records_.push_back(record.data());
  if (bytes_ == 0) lengths_.push_back(record.size());
}

StoredRows StoredRows::picked(std::span<const std::size_t> rows) const {
  StoredRows some(layout_, storage_);
  some.reserve(rows.size());
  for (const std::size_t row : rows) some.add(record(row));
  return some;
}

void StoredRows::copy(std::size_t i, std::span<float> to) const {
  const std::size_t count = std::min(width(), to.size());
  from_stored({records_.at(i), count * size_of(storage_)}, storage_, to.first(count));
}

Rows StoredRows::floats() const {
  if (!layout_.is_matrix() || storage_ != DType::f32) return {};
  Rows rows{.width = width(), .row = {}};
  rows.row.reserve(size());
  for (const std::byte* record : records_) rows.row.push_back(reinterpret_cast<const float*>(record));
  return rows;
}

void from_stored(std::span<const std::byte> stored, DType dtype, std::span<float> to) {
  switch (dtype) {
    case DType::f32:
      std::memcpy(to.data(), stored.data(), to.size_bytes());
      return;
    case DType::f16:
      loops().widen_f16(reinterpret_cast<const Half*>(stored.data()), to.size(), to.data());
      return;
    case DType::bf16:
      loops().widen_bf16(reinterpret_cast<const BFloat16*>(stored.data()), to.size(), to.data());
      return;
    default:
      refuse(dtype);
  }
}

void to_stored(std::span<const float> values, DType dtype, std::span<std::byte> to) {
  if (to.size() != values.size() * size_of(dtype)) refuse(dtype);
  switch (dtype) {
    case DType::f32:
      std::memcpy(to.data(), values.data(), to.size());
      return;
    case DType::f16:
      check_range(values);
      loops().narrow_f16(values.data(), values.size(), reinterpret_cast<Half*>(to.data()));
      return;
    case DType::bf16:
      loops().narrow_bf16(values.data(), values.size(), reinterpret_cast<BFloat16*>(to.data()));
      return;
    default:
      refuse(dtype);
  }
}

}  // namespace enxerto
