#pragma once
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "enxerto/engine/torch/operator.h"

namespace enxerto {

/// How a window slides over the spatial dimensions, as ONNX's Conv and pools say it: one number a dimension.
struct Window {
  Ints kernel, strides, dilations;
  Ints begins, ends;  ///< padding that is written down, before and behind
  std::string auto_pad;
  bool ceil = false;

  /// Attributes of a node whose input has `kernel.size()` spatial dimensions. Throws Error{weights} for wrong numbers.
  static Window of(const Node& node, Ints kernel);

  std::size_t rank() const { return kernel.size(); }

  /// The padding that an input of these spatial sizes needs, with what a last window of `ceil` reaches beyond it.
  struct Padding {
    Ints begins, ends;
    bool symmetric() const { return begins == ends; }
  };
  Padding padding_of(at::IntArrayRef spatial) const;
};

/// The tensor with `value` around its spatial dimensions; negative sizes cut.
at::Tensor padded(const at::Tensor& x, const Window::Padding& padding, double value);

}  // namespace enxerto
