#pragma once
#include <ATen/core/Tensor.h>

#include "enxerto/engine/device.h"

namespace enxerto {

/// LibTorch's; the library of cuda is opened here. Throws Error{usage} where there is no such device.
at::Device torch_device(Device device);

}  // namespace enxerto
