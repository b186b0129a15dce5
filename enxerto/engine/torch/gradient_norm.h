#pragma once
#include <ATen/core/Tensor.h>

#include <span>

namespace enxerto {

/// Euclidean length of all gradients together; infinite or NaN where an element is.
double gradient_norm(std::span<const at::Tensor> gradients);

}  // namespace enxerto
