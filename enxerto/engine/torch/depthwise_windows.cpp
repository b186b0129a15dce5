#include "enxerto/engine/torch/depthwise_windows.h"

#include "enxerto/engine/torch/vector_set.h"

namespace enxerto {

const DepthwiseGradients& depthwise_gradients() {
  return has_avx2_and_fma() ? kDepthwiseGradientsAvx2 : kDepthwiseGradientsSse2;
}

}  // namespace enxerto
