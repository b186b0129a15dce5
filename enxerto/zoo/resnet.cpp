#include "enxerto/zoo/resnet.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"

namespace enxerto {
namespace {

constexpr float kEpsilon = 1e-5F;

struct Depth {
  int depth;
  std::array<int, 4> blocks;
  bool bottleneck;
};
constexpr std::array<Depth, 5> kDepths{{{18, {2, 2, 2, 2}, false},
                                        {34, {3, 4, 6, 3}, false},
                                        {50, {3, 4, 6, 3}, true},
                                        {101, {3, 4, 23, 3}, true},
                                        {152, {3, 8, 36, 3}, true}}};

/// Convolution "conv{number}" and batch normalisation "bn{number}" of a block; ReLU unless it is the last.
struct Layer {
  int number;
  std::int64_t out, kernel, stride;
  bool relu;
};

std::string add_layer(GraphBuilder& net, const std::string& x, const std::string& scope, const Layer& layer) {
  const std::string y = net.conv(x, {.name = fmt::format("{}conv{}", scope, layer.number),
                                     .out = layer.out,
                                     .kernel = layer.kernel,
                                     .stride = layer.stride,
                                     .padding = Padding::centered});
  const std::string norm = fmt::format("{}bn{}", scope, layer.number);
  const std::string z = net.batch_norm(y, norm, kEpsilon);
  return layer.relu ? net.relu(z, norm + ".relu") : z;
}

struct Block {
  std::string scope;  ///< "layer1.0."
  std::int64_t width, stride;
  bool bottleneck;
};

std::string add_block(GraphBuilder& net, const std::string& x, const Block& block) {
  const std::int64_t out = block.bottleneck ? 4 * block.width : block.width;
  std::string y = x;
  if (block.bottleneck) {
    y = add_layer(net, y, block.scope, {1, block.width, 1, 1, true});
    y = add_layer(net, y, block.scope, {2, block.width, 3, block.stride, true});
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

const Depth& depth_of(const ResNetConfig& config) {
  const auto* row =
      std::find_if(kDepths.begin(), kDepths.end(), [&](const Depth& known) { return known.depth == config.depth; });
  if (row == kDepths.end() || config.size < 1 || config.classes < 1) {
    throw Error(ErrorKind::usage,
                {.where = fmt::format("resnet{}", config.depth),
                 .found = fmt::format("depth {}, {} px, {} classes", config.depth, config.size, config.classes),
                 .expected = "depth 18, 34, 50, 101 or 152, at least one pixel and one class",
                 .tip = ""});
  }
  return *row;
}

}  // namespace

Blueprint resnet(const ResNetConfig& config) {
  const Depth& depth = depth_of(config);
  GraphBuilder net(fmt::format("resnet{}", config.depth));
  std::string x = net.input("input", {"batch", 3, config.size, config.size});

  net.stage("stem");
  x = net.max_pool(add_layer(net, x, "", {1, 64, 7, 2, true}), "maxpool", 3, 2);
  for (int layer = 0; layer < 4; ++layer) {
    net.stage(fmt::format("layer{}", layer + 1));
    for (int i = 0; i < depth.blocks.at(static_cast<std::size_t>(layer)); ++i) {
      x = add_block(net, x,
                    {.scope = fmt::format("layer{}.{}.", layer + 1, i),
                     .width = std::int64_t{64} << layer,
                     .stride = layer > 0 && i == 0 ? 2 : 1,
                     .bottleneck = depth.bottleneck});
    }
  }
  net.stage("head");
  x = net.linear(net.global_average_pool(x, "avgpool"), "fc", config.classes);
  net.output(x, "logits");
  return std::move(net).finish();
}

}  // namespace enxerto
