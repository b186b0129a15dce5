#include "enxerto/zoo/residual_block.h"

#include <fmt/format.h>

namespace enxerto {
namespace {

constexpr float kEpsilon = 1e-5F;

/// Convolution "conv{number}" and batch normalisation "bn{number}" of a block; ReLU unless it is the last.
struct Layer {
  int number;
  std::int64_t out, kernel, stride;
  bool relu;
  std::int64_t dilation = 1;
};

std::string add_layer(GraphBuilder& net, const std::string& x, const std::string& scope, const Layer& layer) {
  const std::string y = net.conv(x, {.name = fmt::format("{}conv{}", scope, layer.number),
                                     .out = layer.out,
                                     .kernel = layer.kernel,
                                     .stride = layer.stride,
                                     .dilation = layer.dilation,
                                     .padding = Padding::centered});
  const std::string norm = fmt::format("{}bn{}", scope, layer.number);
  const std::string z = net.batch_norm(y, norm, kEpsilon);
  return layer.relu ? net.relu(z, norm + ".relu") : z;
}

}  // namespace

std::string residual_stem(GraphBuilder& net, const std::string& x, const ResidualStem& stem) {
  return add_layer(net, x, "", {1, stem.out, stem.kernel, stem.stride, true});
}

std::string residual_block(GraphBuilder& net, const std::string& x, const ResidualBlock& block) {
  const std::int64_t out = block.bottleneck ? 4 * block.width : block.width;
  std::string y = x;
  if (block.bottleneck) {
    y = add_layer(net, y, block.scope, {1, block.width, 1, 1, true});
    y = add_layer(net, y, block.scope, {2, block.width, 3, block.stride, true, block.dilation});
    y = add_layer(net, y, block.scope, {3, out, 1, 1, false});
  } else {
    y = add_layer(net, y, block.scope, {1, block.width, 3, block.stride, true});
    y = add_layer(net, y, block.scope, {2, out, 3, 1, false});
  }
  std::string shortcut = x;
  if (block.stride != 1 || net.shape_of(x)[1].size != out) {
    shortcut = net.conv(x, {.name = block.scope + "downsample.0", .out = out, .stride = block.stride});
    shortcut = net.batch_norm(shortcut, block.scope + "downsample.1", kEpsilon);
  }
  return net.relu(net.add("Add", block.scope + "add", {y, shortcut}), block.scope + "relu");
}

}  // namespace enxerto
