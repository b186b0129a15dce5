#pragma once

namespace enxerto {

/// Whether this processor has AVX2 and FMA: which of the kernels that are compiled for both sets (`.._avx2.cpp`,
/// `.._sse2.cpp`) is called.
inline bool has_avx2_and_fma() {
  static const bool has = __builtin_cpu_supports("avx2") > 0 && __builtin_cpu_supports("fma") > 0;
  return has;
}

}  // namespace enxerto
