#include "enxerto/heads/skinny_product.h"

#include <algorithm>
#include <vector>

#include "enxerto/heads/skinny_sets.h"

namespace enxerto {
namespace {

std::vector<SkinnyProduct> detect() {
  std::vector<SkinnyProduct> usable{kSkinnySse2};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) usable.push_back(kSkinnyAvx2);
  if (__builtin_cpu_supports("avx512f")) usable.push_back(kSkinnyAvx512);
  return usable;
}

}  // namespace

std::span<const SkinnyProduct> usable_skinny_products() {
  static const std::vector<SkinnyProduct> usable = detect();
  return usable;
}

const SkinnyProduct& fastest_skinny_product() { return usable_skinny_products().back(); }

std::size_t rows_per_block(std::size_t features) {
  constexpr std::size_t kFloatsInCache = 1 << 16, kLeast = 12, kMost = 96;
  return std::clamp(kFloatsInCache / std::max<std::size_t>(features, 1) / kLeast * kLeast, kLeast, kMost);
}

}  // namespace enxerto
