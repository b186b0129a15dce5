#include <immintrin.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "enxerto/base/to_size.h"
#include "enxerto/media/image/resample_kernels.h"

#define ENXERTO_AVX2 __attribute__((target("avx2")))

namespace enxerto {
namespace {

// A sum of byte x weight is taken in two halves, byte x high and byte x low, with two bytes an instruction (pmaddwd):
// twice the rate of 32-bit multiplications, and exact. The halves meet in `joined`, modulo 2^32 as in the scalar code.
ENXERTO_AVX2 inline __m256i joined(__m256i high, __m256i low) {
  return _mm256_add_epi32(_mm256_slli_epi32(high, 8), low);
}

// Bytes that a load of one group of taps may read beyond the first of them.
constexpr std::size_t kReach = 16;

struct Sums {
  __m256i high, low;
};

/// One group of 4 taps of one row: 12 bytes of RGB become r r g g b b 0 0 for taps (0, 1) and (2, 3).
ENXERTO_AVX2 inline void add_group(Sums& sums, const std::uint8_t* pixels, __m256i high, __m256i low) {
  const __m256i order = _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,  //
                                         6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  const __m256i bytes = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(pixels)));
  const __m256i samples = _mm256_shuffle_epi8(bytes, order);
  sums.high = _mm256_add_epi32(sums.high, _mm256_madd_epi16(samples, high));
  sums.low = _mm256_add_epi32(sums.low, _mm256_madd_epi16(samples, low));
}

ENXERTO_AVX2 inline void store_pixel(const Sums& sums, std::uint8_t* to) {
  const __m256i both = joined(sums.high, sums.low);
  const __m128i sum = _mm_add_epi32(_mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1)),
                                    _mm_set1_epi32(kWeightHalf));
  const __m128i words = _mm_packs_epi32(_mm_srai_epi32(sum, kWeightBits), _mm_setzero_si128());
  const int pixel = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
  std::memcpy(to, &pixel, 3);
}

/// `kRows` rows at once, so that each weight is loaded once for all of them.
template <std::size_t kRows>
ENXERTO_AVX2 void across_rows(const AxisPlan& plan, const std::uint8_t* from, std::size_t stride, std::uint8_t* to,
                              std::size_t to_stride) {
  const std::size_t taps = plan.taps;
  for (std::size_t i = 0; i < plan.first.size(); ++i) {
    const std::uint8_t* pixels = from + to_size(plan.first[i]) * 3;
    const auto* weights = reinterpret_cast<const __m256i*>(plan.groups.data() + i * taps * 8);
    const std::size_t groups = (to_size(plan.size[i]) + kTapGroup - 1) / kTapGroup;
    Sums sums[kRows];
    for (Sums& each : sums) each.high = each.low = _mm256_setzero_si256();
    for (std::size_t group = 0; group < groups; ++group, pixels += 12) {
      const __m256i high = _mm256_loadu_si256(weights + group * 2), low = _mm256_loadu_si256(weights + group * 2 + 1);
      for (std::size_t row = 0; row < kRows; ++row) add_group(sums[row], pixels + row * stride, high, low);
    }
    for (std::size_t row = 0; row < kRows; ++row) store_pixel(sums[row], to + row * to_stride + i * 3);
  }
}

/// The last rows of a picture: a load may reach beyond its memory, so they are read from a copy with room behind it.
ENXERTO_AVX2 void across_copied(const AxisPlan& plan, const std::uint8_t* from, std::uint8_t* to) {
  thread_local std::vector<std::uint8_t> copy;
  const std::size_t begin = to_size(plan.input_begin()) * 3;
  const std::size_t end = to_size(plan.input_end()) * 3;
  copy.resize(end + kReach);
  std::memcpy(copy.data() + begin, from + begin, end - begin);
  across_rows<1>(plan, copy.data(), 0, to, 0);
}

ENXERTO_AVX2 void across(const AxisPlan& plan, const RgbRows& from, std::size_t rows, std::uint8_t* to,
                         std::size_t to_stride) {
  if (!plan.splits) {
    scalar_kernels().across(plan, from, rows, to, to_stride);
    return;
  }
  const std::size_t used = to_size(plan.input_end()) * 3 + kReach;
  const std::size_t memory = to_size(from.end - from.first);
  const std::size_t safe = memory < used ? 0 : std::min(rows, (memory - used) / from.stride + 1);
  std::size_t y = 0;
  for (; y + 4 <= safe; y += 4) {
    across_rows<4>(plan, from.first + y * from.stride, from.stride, to + y * to_stride, to_stride);
  }
  for (; y < safe; ++y) across_rows<1>(plan, from.first + y * from.stride, 0, to + y * to_stride, 0);
  for (; y < rows; ++y) across_copied(plan, from.first + y * from.stride, to + y * to_stride);
}

struct Pair {
  __m256i high, low;
};

ENXERTO_AVX2 inline void add_pair(Sums& sums, __m256i samples, const Pair& weights) {
  sums.high = _mm256_add_epi32(sums.high, _mm256_madd_epi16(samples, weights.high));
  sums.low = _mm256_add_epi32(sums.low, _mm256_madd_epi16(samples, weights.low));
}

ENXERTO_AVX2 inline __m256i rounded(const Sums& sums) {
  const __m256i sum = _mm256_add_epi32(joined(sums.high, sums.low), _mm256_set1_epi32(kWeightHalf));
  return _mm256_srai_epi32(sum, kWeightBits);
}

ENXERTO_AVX2 inline Pair pair_of(const std::int32_t* weights) {
  const std::uint32_t high =
      (static_cast<std::uint32_t>(weights[0] >> 8) & 0xFFFF) | static_cast<std::uint32_t>(weights[1] >> 8) << 16;
  const std::uint32_t low = static_cast<std::uint32_t>(weights[0] & 255) | static_cast<std::uint32_t>(weights[1] & 255)
                                                                               << 16;
  return {_mm256_set1_epi32(static_cast<int>(high)), _mm256_set1_epi32(static_cast<int>(low))};
}

/// 32 bytes of an output row. Bytes of two rows are interleaved and widened in place; the packs at the end undo it.
ENXERTO_AVX2 inline void down_block(const std::int32_t* weights, std::size_t size, const std::uint8_t* from,
                                    std::size_t stride, std::uint8_t* to) {
  const __m256i zero = _mm256_setzero_si256();
  Sums sums[4];
  for (Sums& each : sums) each.high = each.low = zero;
  for (std::size_t y = 0; y < size; y += 2) {
    const std::uint8_t* row = from + y * stride;
    // An odd last row is paired with itself: the padded weight is 0.
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row));
    const __m256i b = y + 1 < size ? _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row + stride)) : a;
    const Pair pair = pair_of(weights + y);
    const __m256i low = _mm256_unpacklo_epi8(a, b), high = _mm256_unpackhi_epi8(a, b);
    add_pair(sums[0], _mm256_unpacklo_epi8(low, zero), pair);
    add_pair(sums[1], _mm256_unpackhi_epi8(low, zero), pair);
    add_pair(sums[2], _mm256_unpacklo_epi8(high, zero), pair);
    add_pair(sums[3], _mm256_unpackhi_epi8(high, zero), pair);
  }
  const __m256i first = _mm256_packs_epi32(rounded(sums[0]), rounded(sums[1]));
  const __m256i second = _mm256_packs_epi32(rounded(sums[2]), rounded(sums[3]));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm256_packus_epi16(first, second));
}

ENXERTO_AVX2 void down(const AxisPlan& plan, std::size_t index, const std::uint8_t* from, std::size_t stride,
                       std::size_t bytes, std::uint8_t* to) {
  constexpr std::size_t kBlock = 32;
  if (!plan.splits || bytes < kBlock) {
    scalar_kernels().down(plan, index, from, stride, bytes, to);
    return;
  }
  const std::int32_t* weights = plan.weights.data() + index * plan.taps;
  const auto size = to_size(plan.size[index]);
  for (std::size_t x = 0; x + kBlock <= bytes; x += kBlock) down_block(weights, size, from + x, stride, to + x);
  // What is left overlaps the block before: the same bytes are computed twice.
  if (bytes % kBlock != 0) {
    down_block(weights, size, from + bytes - kBlock, stride, to + bytes - kBlock);
  }
}

}  // namespace

const ResampleKernels* avx2_kernels() {
  static constexpr ResampleKernels kKernels{across, down};
  static const bool supported = __builtin_cpu_supports("avx2") != 0;
  return supported ? &kKernels : nullptr;
}

}  // namespace enxerto
