#include "enxerto/zoo/regnet.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/zoo/conv_norm.h"

namespace enxerto {
namespace {

constexpr std::int64_t kStemWidth = 32;

/// What the paper's linear rule for widths comes to, per block of the trunk.
struct Variant {
  int megaflops;
  const char* name;
  std::array<int, 4> depths;
  std::array<std::int64_t, 4> widths;
  std::int64_t group_width;
};
constexpr std::array<Variant, 4> kVariants{{{400, "regnet_x_400mf", {1, 2, 7, 12}, {32, 64, 160, 400}, 16},
                                            {800, "regnet_x_800mf", {1, 3, 7, 5}, {64, 128, 288, 672}, 16},
                                            {1600, "regnet_x_1_6gf", {2, 4, 10, 2}, {72, 168, 408, 912}, 24},
                                            {3200, "regnet_x_3_2gf", {2, 6, 15, 2}, {96, 192, 432, 1008}, 48}}};

struct Block {
  std::string scope;  ///< "trunk_output.block1.block1-0."
  std::int64_t width, stride, group_width;
};

std::string add_block(GraphBuilder& net, const std::string& x, const Block& block) {
  const std::int64_t groups = block.width / block.group_width;
  std::string shortcut = x;
  if (block.stride != 1 || net.shape_of(x)[1] != Dim(block.width))
    shortcut = conv_norm(
        net, x,
        {.name = block.scope + "proj", .out = block.width, .stride = block.stride, .activation = Activation::none});
  std::string y = conv_norm(net, x, {.name = block.scope + "f.a", .out = block.width});
  y = conv_norm(
      net, y, {.name = block.scope + "f.b", .out = block.width, .kernel = 3, .stride = block.stride, .groups = groups});
  y = conv_norm(net, y, {.name = block.scope + "f.c", .out = block.width, .activation = Activation::none});
  return net.relu(net.add("Add", block.scope + "add", {shortcut, y}), block.scope + "activation");
}

const Variant& variant_of(const RegNetXConfig& config) {
  const auto* row = std::find_if(kVariants.begin(), kVariants.end(),
                                 [&](const Variant& known) { return known.megaflops == config.megaflops; });
  if (row != kVariants.end() && config.size > 0 && config.classes > 0) return *row;
  throw usage_error("regnet_x",
                    fmt::format("{} megaflops, {} px, {} classes", config.megaflops, config.size, config.classes),
                    "400, 800, 1600 or 3200 megaflops, at least one pixel and one class");
}

}  // namespace

Blueprint regnet_x(const RegNetXConfig& config) {
  const Variant& variant = variant_of(config);
  GraphBuilder net(variant.name);
  std::string x = net.input("input", {"batch", 3, config.size, config.size});

  net.stage("stem");
  x = conv_norm(net, x, {.name = "stem", .out = kStemWidth, .kernel = 3, .stride = 2});
  for (std::size_t block = 0; block < variant.depths.size(); ++block) {
    net.stage(fmt::format("block{}", block + 1));
    for (int i = 0; i < variant.depths[block]; ++i)
      x = add_block(net, x,
                    {.scope = fmt::format("trunk_output.block{0}.block{0}-{1}.", block + 1, i),
                     .width = variant.widths[block],
                     .stride = i == 0 ? 2 : 1,
                     .group_width = variant.group_width});
  }
  net.stage(std::string(kHeadStage));
  x = net.linear(net.global_average_pool(x, "avgpool"), "fc", config.classes);
  net.output(x, "logits");
  return std::move(net).finish();
}

}  // namespace enxerto
