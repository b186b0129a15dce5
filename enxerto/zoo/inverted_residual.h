#pragma once
#include <cstdint>
#include <string>

#include "enxerto/zoo/conv_norm.h"

namespace enxerto {

/// The block of MobileNetV3 and EfficientNet: expansion by a 1 x 1 convolution (left out where nothing is expanded),
/// depthwise convolution, squeeze-and-excitation (Hu et al. 2017, arXiv:1709.01507), projection, and the input added
/// where stride and width allow it.
struct InvertedResidual {
  std::string scope;  ///< "features.1.block."; layers behind it are numbered, as in torchvision
  std::int64_t expanded = 0;
  std::int64_t out = 0;
  std::int64_t kernel = 3;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;  ///< of the depthwise convolution
  std::int64_t squeezed = 0;  ///< width inside squeeze-and-excitation; 0: without it
  float epsilon = 1e-5F;
  Activation activation = Activation::relu;  ///< behind expansion and depthwise convolution
  Activation squeeze_activation = Activation::relu;
  Activation gate = Activation::sigmoid;
  std::string stage = {};  ///< that begins behind the expansion; "": none
};

/// (batch, C, h, w) -> (batch, out, ceil(h / stride), ceil(w / stride)).
std::string inverted_residual(GraphBuilder& net, const std::string& x, const InvertedResidual& block);

}  // namespace enxerto
