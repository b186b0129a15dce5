#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/builder.h"

namespace enxerto {

/// What a residual network begins with: convolution "conv1", batch normalisation "bn1", ReLU.
struct ResidualStem {
  std::int64_t out = 64, kernel = 7, stride = 2;
};
std::string residual_stem(GraphBuilder& net, const std::string& x, const ResidualStem& stem);

/// A block of a residual network as torchvision builds and names it: two 3 x 3 convolutions, or with `bottleneck` 1 x
/// 1, 3 x 3 and 1 x 1 to four times the width; the shortcut is a 1 x 1 convolution where the shape changes (option B of
/// He et al. 2015, arXiv:1512.03385).
struct ResidualBlock {
  std::string scope;  ///< "layer1.0."
  std::int64_t width = 64, stride = 1;
  std::int64_t dilation = 1;  ///< of the 3 x 3 convolution of a bottleneck
  bool bottleneck = false;
};
std::string residual_block(GraphBuilder& net, const std::string& x, const ResidualBlock& block);

}  // namespace enxerto
