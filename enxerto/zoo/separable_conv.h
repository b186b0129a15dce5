#pragma once
#include <cstdint>
#include <string>

#include "enxerto/graph/builder.h"

namespace enxerto {

/// A convolution of 3 x 3 of each channel alone, "NAME.depthwise" without a bias, and one of 1 x 1 over all of them,
/// "NAME.pointwise" with one.
inline std::string separable_conv(GraphBuilder& net, const std::string& x, const std::string& name, std::int64_t out,
                                  std::int64_t stride) {
  const std::int64_t channels = net.shape_of(x)[1].size;
  const std::string apart = net.conv(x, {.name = name + ".depthwise",
                                         .out = channels,
                                         .kernel = 3,
                                         .stride = stride,
                                         .groups = channels,
                                         .padding = Padding::same});
  return net.conv(apart, {.name = name + ".pointwise", .out = out, .bias = true});
}

}  // namespace enxerto
