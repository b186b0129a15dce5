#pragma once
#include "enxerto/base/tensor.h"
#include "enxerto/pretrained/keras/keras_layers.h"

namespace enxerto {

/// A kernel of Keras as our layer wants it: (h, w, in, out) -> (out, in, h, w); of a depthwise convolution (h, w, in,
/// m) -> (in * m, 1, h, w); of a dense layer (in, out) -> (out, in), where the rows behind a Flatten go from (H, W, C)
/// to (C, H, W). Of any type. A tensor that is not such a kernel comes back as it is: its shape will be reported.
Tensor kernel_from_keras(const Tensor& kernel, const WeightedKerasLayer& layer);

/// Its shape alone.
Shape kernel_shape_from_keras(const Shape& kernel, const WeightedKerasLayer& layer);

/// The way back; a depthwise kernel becomes (h, w, channels, 1).
Tensor kernel_to_keras(const Tensor& weight, const WeightedKerasLayer& layer);

}  // namespace enxerto
