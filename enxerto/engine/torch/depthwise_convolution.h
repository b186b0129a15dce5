#pragma once
#include <ATen/core/Tensor.h>

#include <optional>

#include "enxerto/engine/torch/window.h"

namespace enxerto {

/// Whether a convolution has one kernel a channel and is one of those whose gradients are computed here: on the
/// processor, in two dimensions, where gradients are wanted. oneDNN, which LibTorch asks, has quick ones only for some
/// sizes and pads; for others (kernels of 5 x 5 on small maps, strides with the padding of TensorFlow) it took ten to a
/// hundred times as long.
bool has_depthwise_gradients(const at::Tensor& x, const at::Tensor& weight, std::int64_t groups);

/// Such a convolution: x (batch, channels, height, width), weight (channels, 1, height, width), bias (channels). The
/// gradient of the weights is summed in float32 also where autocast makes the maps narrow.
at::Tensor depthwise_convolution(const at::Tensor& x, const at::Tensor& weight, const std::optional<at::Tensor>& bias,
                                 const Window& window, const Window::Padding& padding);

}  // namespace enxerto
