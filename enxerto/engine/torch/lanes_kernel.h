// Included by kernels of one instruction set each, which define ENXERTO_TARGET and ENXERTO_SET, a namespace of their
// own, before.
#pragma once
#include <cstdint>
#include <cstring>

namespace enxerto::ENXERTO_SET {

inline constexpr int kLanes = 8;
using Lanes [[gnu::vector_size(kLanes * sizeof(float))]] = float;
using WholeLanes [[gnu::vector_size(kLanes * sizeof(float))]] = std::int32_t;

ENXERTO_TARGET inline void load(Lanes& lanes, const float* from) { std::memcpy(&lanes, from, sizeof lanes); }
ENXERTO_TARGET inline void store(float* to, const Lanes& lanes) { std::memcpy(to, &lanes, sizeof lanes); }

/// exp of numbers of at most 0, as in the Cephes library (Moshier): right within two units of the last place; 0 below
/// -87.
ENXERTO_TARGET inline void exponential(Lanes& x) {
  constexpr float kRounder = 12582912.0F, kPerTwo = 1.44269504F, kHigh = 0.693359375F, kLow = -2.12194440e-4F;
  constexpr float kLeast = -87.0F;
  constexpr std::int32_t kBias = 127, kMantissa = 23;
  const Lanes least = kLeast - Lanes{};
  const WholeLanes vanishes = x < least;
  x = x > least ? x : least;
  const Lanes rounded = x * kPerTwo + kRounder;
  const Lanes twos = rounded - kRounder;
  const Lanes r = x - twos * kHigh - twos * kLow;
  Lanes y = r * 1.9875691500e-4F + 1.3981999507e-3F;
  y = y * r + 8.3334519073e-3F;
  y = y * r + 4.1665795894e-2F;
  y = y * r + 1.6666665459e-1F;
  y = y * r + 5.0000001201e-1F;
  y = y * r * r + r + 1.0F;
  WholeLanes bits;
  std::memcpy(&bits, &rounded, sizeof bits);
  std::int32_t zero = 0;
  std::memcpy(&zero, &kRounder, sizeof zero);
  const WholeLanes power = (bits - zero + kBias) << kMantissa;
  Lanes scale;
  std::memcpy(&scale, &power, sizeof scale);
  x = vanishes ? Lanes{} : y * scale;
}

}  // namespace enxerto::ENXERTO_SET
