#pragma once
#include <ATen/core/Tensor.h>

#include <optional>

namespace enxerto {

/// `a` times `b`, two matrices, without a gradient. LibTorch computes products of float32 by MKL, whose kernels for
/// processors of AMD have vectors of 256 bits; where the processor has 512, oneDNN, which is in LibTorch too, is twice
/// as fast, and does it here.
at::Tensor matrix_product(const at::Tensor& a, const at::Tensor& b);

/// x weight' + bias along the last dimension of `x`, with its gradients: weight (out, in), bias (out) or none. As
/// at::linear, which it is where oneDNN is not faster, in other types and under autocast.
at::Tensor dense_product(const at::Tensor& x, const at::Tensor& weight, const std::optional<at::Tensor>& bias);

}  // namespace enxerto
