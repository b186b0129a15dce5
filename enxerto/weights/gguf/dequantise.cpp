#include "enxerto/weights/gguf/dequantise.h"

#include <cstdint>
#include <cstring>

#include "enxerto/base/dtype.h"

namespace enxerto {
namespace {

float half_at(const std::byte* at) {
  Half value{};
  std::memcpy(&value, at, sizeof(value));
  return to_float(value);
}

unsigned number_at(const std::byte* at) { return std::to_integer<unsigned>(*at); }

float low_half(const std::byte* at) { return static_cast<float>(number_at(at) & 0x0FU); }
float high_half(const std::byte* at) { return static_cast<float>(number_at(at) >> 4U); }

// The numbers of a block of 32 with 4 bits each: the low halves of 16 bytes, then their high halves.
constexpr std::size_t kPairs = 16;

/// The scale and the minimum of part `j` of eight, 6 bits each, out of 12 bytes.
struct ScaleAndMinimum {
  float scale = 0, minimum = 0;
};
ScaleAndMinimum part_of(const std::byte* packed, std::size_t j) {
  if (j < 4)
    return {static_cast<float>(number_at(packed + j) & 0x3FU), static_cast<float>(number_at(packed + j + 4) & 0x3FU)};
  const unsigned both = number_at(packed + j + 4);
  return {static_cast<float>((both & 0x0FU) | ((number_at(packed + j - 4) >> 2U) & 0x30U)),
          static_cast<float>((both >> 4U) | ((number_at(packed + j) >> 2U) & 0x30U))};
}

}  // namespace

void dequantise_q4_0(const std::byte* block, float* to) {
  const float scale = half_at(block);
  for (std::size_t i = 0; i < kPairs; ++i) {
    to[i] = scale * (low_half(block + 2 + i) - 8.0F);
    to[kPairs + i] = scale * (high_half(block + 2 + i) - 8.0F);
  }
}

void dequantise_q4_1(const std::byte* block, float* to) {
  const float scale = half_at(block), minimum = half_at(block + 2);
  for (std::size_t i = 0; i < kPairs; ++i) {
    const float low = scale * low_half(block + 4 + i), high = scale * high_half(block + 4 + i);
    to[i] = low + minimum;
    to[kPairs + i] = high + minimum;
  }
}

void dequantise_q8_0(const std::byte* block, float* to) {
  const float scale = half_at(block);
  for (std::size_t i = 0; i < 2 * kPairs; ++i)
    to[i] = static_cast<float>(static_cast<std::int8_t>(number_at(block + 2 + i))) * scale;
}

void dequantise_q4_k(const std::byte* block, float* to) {
  const float scale = half_at(block), minimum = half_at(block + 2);
  const std::byte* const packed = block + 4;
  for (std::size_t part = 0; part < 8; ++part) {
    const ScaleAndMinimum of = part_of(packed, part);
    const float step = scale * of.scale, lowest = minimum * of.minimum;
    const std::byte* const from = block + 16 + part / 2 * 32;
    for (std::size_t i = 0; i < 32; ++i) {
      const float scaled = step * (part % 2 == 0 ? low_half(from + i) : high_half(from + i));
      to[part * 32 + i] = scaled - lowest;
    }
  }
}

void dequantise_q6_k(const std::byte* block, float* to) {
  const std::byte *const low = block, *const high = block + 128, *const scales = block + 192;
  const float scale = half_at(block + 208);
  for (std::size_t part = 0; part < 8; ++part) {
    const std::size_t side = part / 4, quarter = part % 4;
    for (std::size_t i = 0; i < 32; ++i) {
      const unsigned four = number_at(low + side * 64 + quarter % 2 * 32 + i) >> (quarter / 2 * 4);
      const unsigned two = number_at(high + side * 32 + i) >> (quarter * 2);
      const int value = static_cast<int>((four & 0x0FU) | ((two & 3U) << 4U)) - 32;
      const auto own = static_cast<std::int8_t>(number_at(scales + part * 2 + i / 16));
      const float step = scale * static_cast<float>(own);
      to[part * 32 + i] = step * static_cast<float>(value);
    }
  }
}

}  // namespace enxerto
