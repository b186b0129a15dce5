#define ENXERTO_TARGET
#define ENXERTO_SET depthwise_sse2
#include "enxerto/engine/torch/depthwise_windows.h"
#include "enxerto/engine/torch/depthwise_windows_kernel.h"

namespace enxerto {

extern const DepthwiseGradients kDepthwiseGradientsSse2 = {.group = depthwise_sse2::gradients_of_group};

}  // namespace enxerto
