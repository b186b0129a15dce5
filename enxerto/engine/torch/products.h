#pragma once
#include <ATen/core/Tensor.h>

#include <optional>

namespace enxerto {

/// Products of matrices of float32 on the processor. LibTorch asks MKL for them, which takes AVX-512 only on Intel's
/// own processors; where another has it oneDNN, the library that LibTorch has for convolutions, is asked in its place:
/// twice as fast there. All else is as LibTorch has it.

/// float32 on the processor.
bool is_plain_float(const at::Tensor& tensor);

/// a (m, k) times b (k, n); both may be transposes of what is contiguous. No gradients.
at::Tensor matrix_product(const at::Tensor& a, const at::Tensor& b);

/// As at::linear, with gradients: x (.., in), weight (out, in), bias (out).
at::Tensor dense_product(const at::Tensor& x, const at::Tensor& weight, const std::optional<at::Tensor>& bias);

}  // namespace enxerto
