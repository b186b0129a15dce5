#pragma once
#include <cstddef>

#include "enxerto/base/tensor.h"
#include "enxerto/weights/tfjs/manifest.h"

namespace enxerto {

/// The weight that is stored as `weight.quantization` says in `weight.stored_bytes` bytes at `stored`, in double
/// precision and rounded once, as TensorFlow.js computes it; int32 rounds halves up, as JavaScript does.
Tensor dequantised(const TfjsWeight& weight, const std::byte* stored);

}  // namespace enxerto
