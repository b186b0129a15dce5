#define ENXERTO_TARGET __attribute__((target("avx2,fma")))
#define ENXERTO_SET depthwise_avx2
#include "enxerto/engine/torch/depthwise_windows.h"
#include "enxerto/engine/torch/depthwise_windows_kernel.h"

namespace enxerto {

extern const DepthwiseGradients kDepthwiseGradientsAvx2 = {.group = depthwise_avx2::gradients_of_group};

}  // namespace enxerto
