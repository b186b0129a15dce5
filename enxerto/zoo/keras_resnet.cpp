#include "enxerto/zoo/keras_resnet.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/head_stage.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr float kEpsilon = 1.001e-5F;

struct Depth {
  int depth;
  std::array<int, 4> blocks;
};
constexpr std::array<Depth, 3> kDepths{{{50, {3, 4, 6, 3}}, {101, {3, 4, 23, 3}}, {152, {3, 8, 36, 3}}}};

struct Block {
  std::string scope;  ///< "layer1.0."
  std::int64_t width, stride;
  bool projects;  ///< the shortcut has a convolution
};

std::string convolve(GraphBuilder& net, const std::string& x, ConvSpec spec) {
  spec.padding = Padding::centered;
  return net.conv(x, spec);
}

std::string norm_relu(GraphBuilder& net, const std::string& x, const std::string& norm) {
  return net.relu(net.batch_norm(x, norm, kEpsilon), norm + ".relu");
}

std::string add_block_v1(GraphBuilder& net, const std::string& x, const Block& block) {
  const std::string& in = block.scope;
  std::string shortcut = x;
  if (block.projects) {
    shortcut =
        convolve(net, x, {.name = in + "downsample.0", .out = 4 * block.width, .stride = block.stride, .bias = true});
    shortcut = net.batch_norm(shortcut, in + "downsample.1", kEpsilon);
  }
  std::string y = convolve(net, x, {.name = in + "conv1", .out = block.width, .stride = block.stride, .bias = true});
  y = norm_relu(net, y, in + "bn1");
  y = convolve(net, y, {.name = in + "conv2", .out = block.width, .kernel = 3, .bias = true});
  y = norm_relu(net, y, in + "bn2");
  y = convolve(net, y, {.name = in + "conv3", .out = 4 * block.width, .bias = true});
  y = net.batch_norm(y, in + "bn3", kEpsilon);
  return net.relu(net.add("Add", in + "add", {shortcut, y}), in + "relu");
}

/// The shortcut of a halving block takes every other pixel of the map.
std::string shortcut_v2(GraphBuilder& net, const std::string& x, const std::string& normalised, const Block& block) {
  if (block.projects)
    return convolve(net, normalised,
                    {.name = block.scope + "downsample", .out = 4 * block.width, .stride = block.stride, .bias = true});
  if (block.stride == 1) return x;
  return net.add("MaxPool", block.scope + "pool", {x},
                 {{"kernel_shape", Ints{1, 1}}, {"strides", Ints{block.stride, block.stride}}});
}

std::string add_block_v2(GraphBuilder& net, const std::string& x, const Block& block) {
  const std::string& in = block.scope;
  const std::string normalised = norm_relu(net, x, in + "bn1");
  const std::string shortcut = shortcut_v2(net, x, normalised, block);
  std::string y = convolve(net, normalised, {.name = in + "conv1", .out = block.width});
  y = norm_relu(net, y, in + "bn2");
  y = convolve(net, y, {.name = in + "conv2", .out = block.width, .kernel = 3, .stride = block.stride});
  y = norm_relu(net, y, in + "bn3");
  y = convolve(net, y, {.name = in + "conv3", .out = 4 * block.width, .bias = true});
  return net.add("Add", in + "add", {shortcut, y});
}

std::string add_layer(GraphBuilder& net, std::string x, const KerasResNetConfig& config, int layer) {
  const int blocks = std::find_if(kDepths.begin(), kDepths.end(), [&](const Depth& known) {
                       return known.depth == config.depth;
                     })->blocks.at(to_size(layer));
  for (int i = 0; i < blocks; ++i) {
    Block block{.scope = fmt::format("layer{}.{}.", layer + 1, i),
                .width = std::int64_t{64} << layer,
                .stride = 1,
                .projects = i == 0};
    if (config.version == 1) {
      if (layer > 0 && i == 0) block.stride = 2;
      x = add_block_v1(net, x, block);
    } else {
      if (layer < 3 && i == blocks - 1) block.stride = 2;
      x = add_block_v2(net, x, block);
    }
  }
  return x;
}

/// In version 2 there are numbers below zero, so that the zeros around the map count.
std::string add_stem(GraphBuilder& net, const std::string& x, const KerasResNetConfig& config) {
  const std::string y = convolve(net, x, {.name = "conv1", .out = 64, .kernel = 7, .stride = 2, .bias = true});
  if (config.version == 1) return net.max_pool(norm_relu(net, y, "bn1"), "maxpool", 3, 2);
  const std::string pads = net.constant(Tensor::of<std::int64_t>({8}, {0, 0, 1, 1, 0, 0, 1, 1}));
  const std::string padded = net.add("Pad", "maxpool.pad", {y, pads});
  return net.add("MaxPool", "maxpool", {padded}, {{"kernel_shape", Ints{3, 3}}, {"strides", Ints{2, 2}}});
}

void check(const KerasResNetConfig& config) {
  const bool known =
      std::any_of(kDepths.begin(), kDepths.end(), [&](const Depth& depth) { return depth.depth == config.depth; });
  if (known && (config.version == 1 || config.version == 2) && config.size > 0 && config.classes > 0) return;
  throw usage_error(
      "keras_resnet",
      fmt::format("depth {}, version {}, {} px, {} classes", config.depth, config.version, config.size, config.classes),
      "depth 50, 101 or 152, version 1 or 2, at least one pixel and one class");
}

}  // namespace

Blueprint keras_resnet(const KerasResNetConfig& config) {
  check(config);
  GraphBuilder net(fmt::format("keras_resnet{}{}", config.depth, config.version == 2 ? "v2" : ""));
  std::string x = net.input("input", {"batch", 3, config.size, config.size});

  net.stage("stem");
  x = add_stem(net, x, config);
  for (int layer = 0; layer < 4; ++layer) {
    net.stage(fmt::format("layer{}", layer + 1));
    x = add_layer(net, x, config, layer);
  }
  if (config.version == 2) x = norm_relu(net, x, "norm");
  net.stage(std::string(kHeadStage));
  x = net.linear(net.global_average_pool(x, "avgpool"), "fc", config.classes);
  net.output(x, "logits");
  return std::move(net).finish();
}

}  // namespace enxerto
