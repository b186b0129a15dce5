#include "enxerto/engine/torch/depthwise_windows.h"

namespace enxerto {

const DepthwiseGradients& depthwise_gradients() {
  static const bool has_avx2 = __builtin_cpu_supports("avx2") > 0 && __builtin_cpu_supports("fma") > 0;
  return has_avx2 ? kDepthwiseGradientsAvx2 : kDepthwiseGradientsSse2;
}

}  // namespace enxerto
