#pragma once
#include <ATen/core/Tensor.h>

#include "enxerto/base/tensor.h"

namespace enxerto {

/// LibTorch's name for a type of ours, and back. Throws Error{weights} for a type that we have no name for.
at::ScalarType to_torch(DType dtype);
DType from_torch(at::ScalarType type);

/// The same bytes as a tensor of LibTorch, which keeps them alive: for reading only.
at::Tensor view_of(const Tensor& tensor);

/// A copy in host memory, row-major whatever the layout and the device.
Tensor copy_of(const at::Tensor& tensor);

}  // namespace enxerto
