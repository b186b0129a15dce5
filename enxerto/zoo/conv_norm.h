#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/builder.h"

namespace enxerto {

enum class Activation { none, relu, relu6, silu, hard_swish, sigmoid, hard_sigmoid };

/// A node `name` that applies `activation` (silu: also name.sigmoid); `x` itself for none.
std::string activate(GraphBuilder& net, const std::string& x, const std::string& name, Activation activation);

/// torchvision's Conv2dNormActivation, padded by half the kernel unless it says otherwise.
struct ConvNorm {
  std::string name;  ///< the convolution is name.0, the batch normalisation name.1, the activation name.2
  std::int64_t out = 0;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t groups = 1;
  float epsilon = 1e-5F;
  Padding padding = Padding::centered;
  Activation activation = Activation::relu;
};
std::string conv_norm(GraphBuilder& net, const std::string& x, const ConvNorm& layer);

}  // namespace enxerto
