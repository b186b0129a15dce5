#include "enxerto/engine/torch/resized_rows.h"

namespace enxerto {

const ResizedRows& resized_rows() {
  static const bool has_avx2 = __builtin_cpu_supports("avx2") > 0 && __builtin_cpu_supports("fma") > 0;
  return has_avx2 ? kResizedRowsAvx2 : kResizedRowsSse2;
}

}  // namespace enxerto
