#include "enxerto/zoo/efficientnet_lite.h"

#include <array>
#include <cmath>

#include <fmt/format.h>

#include "enxerto/base/to_size.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/zoo/divisible_width.h"
#include "enxerto/zoo/efficientnet_variant.h"

namespace enxerto {
namespace {

constexpr float kEpsilon = 1e-3F;
constexpr std::int64_t kStemWidth = 32, kFeatureWidth = 1280;

struct Scale {
  double width, depth;
};
constexpr std::array<Scale, 5> kScales{{{1.0, 1.0}, {1.0, 1.1}, {1.1, 1.2}, {1.2, 1.4}, {1.4, 1.8}}};

struct BlockGroup {
  std::int64_t repeats, kernel, stride, expansion, width;
};
constexpr std::array<BlockGroup, 7> kGroups{{{1, 3, 1, 1, 16},
                                             {2, 3, 2, 6, 24},
                                             {2, 5, 2, 6, 40},
                                             {3, 3, 2, 6, 80},
                                             {3, 5, 1, 6, 112},
                                             {4, 5, 2, 6, 192},
                                             {1, 3, 1, 6, 320}}};

/// The first and the last group keep their depth in the Lite variants.
std::int64_t scaled_depth(std::size_t group, double scale) {
  const std::int64_t repeats = kGroups.at(group).repeats;
  if (group == 0 || group + 1 == kGroups.size()) return repeats;
  return static_cast<std::int64_t>(std::ceil(static_cast<double>(repeats) * scale));
}

std::string norm_act(GraphBuilder& net, const std::string& x, const std::string& name) {
  return net.relu6(net.batch_norm(x, name, kEpsilon), name + ".act");
}

struct Block {
  std::string scope;  ///< "blocks.1.0."
  std::int64_t kernel, stride, expansion, width;
};

/// Depthwise-separable where nothing is expanded (timm names its layers so), else an inverted residual.
std::string add_block(GraphBuilder& net, const std::string& x, const Block& block) {
  const std::int64_t in = net.shape_of(x)[1].size;
  const std::int64_t wide = in * block.expansion;
  const bool expands = block.expansion != 1;
  std::string y = x;
  if (expands) y = norm_act(net, net.conv(y, {.name = block.scope + "conv_pw", .out = wide}), block.scope + "bn1");
  y = net.conv(y, {.name = block.scope + "conv_dw",
                   .out = wide,
                   .kernel = block.kernel,
                   .stride = block.stride,
                   .groups = wide,
                   .padding = Padding::same});
  y = norm_act(net, y, block.scope + (expands ? "bn2" : "bn1"));
  y = net.conv(y, {.name = block.scope + (expands ? "conv_pwl" : "conv_pw"), .out = block.width});
  y = net.batch_norm(y, block.scope + (expands ? "bn3" : "bn2"), kEpsilon);
  const bool residual = block.stride == 1 && in == block.width;
  return residual ? net.add("Add", block.scope + "add", {y, x}) : y;
}

}  // namespace

Blueprint efficientnet_lite(const EfficientNetLiteConfig& config) {
  check_variant("efficientnet_lite", {.variant = config.variant, .size = config.size, .classes = config.classes});
  const Scale& scale = kScales.at(to_size(config.variant));
  GraphBuilder net(fmt::format("efficientnet_lite{}", config.variant));
  std::string x = net.input("input", {"batch", 3, config.size, config.size});

  net.stage("stem");
  x = net.conv(x, {.name = "conv_stem", .out = kStemWidth, .kernel = 3, .stride = 2, .padding = Padding::same});
  x = norm_act(net, x, "bn1");
  for (std::size_t group = 0; group < kGroups.size(); ++group) {
    const BlockGroup& row = kGroups.at(group);
    net.stage(fmt::format("blocks{}", group));
    for (std::int64_t i = 0; i < scaled_depth(group, scale.depth); ++i) {
      x = add_block(net, x,
                    {.scope = fmt::format("blocks.{}.{}.", group, i),
                     .kernel = row.kernel,
                     .stride = i == 0 ? row.stride : 1,
                     .expansion = row.expansion,
                     .width = divisible_width(static_cast<double>(row.width) * scale.width)});
    }
  }
  net.stage("features");
  x = norm_act(net, net.conv(x, {.name = "conv_head", .out = kFeatureWidth}), "bn2");

  net.stage(std::string(kHeadStage));
  x = net.linear(net.global_average_pool(x, "global_pool"), "classifier", config.classes);
  net.output(x, "logits");
  return std::move(net).finish();
}

}  // namespace enxerto
