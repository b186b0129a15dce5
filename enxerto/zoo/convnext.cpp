#include "enxerto/zoo/convnext.h"

#include <array>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/head_stage.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr float kEpsilon = 1e-6F;
constexpr std::int64_t kMinimumSize = 32, kStemPatch = 4;

struct BlockGroup {
  std::int64_t width;
  int repeats;
};
constexpr std::array<BlockGroup, 4> kGroups{{{96, 3}, {192, 3}, {384, 9}, {768, 3}}};

std::string channels_last(GraphBuilder& net, const std::string& x, const std::string& name) {
  return net.add("Transpose", name, {x}, {{"perm", Ints{0, 2, 3, 1}}});
}

std::string channels_first(GraphBuilder& net, const std::string& x, const std::string& name) {
  return net.add("Transpose", name, {x}, {{"perm", Ints{0, 3, 1, 2}}});
}

/// Over the channels of a map.
std::string layer_norm_2d(GraphBuilder& net, const std::string& x, const std::string& name) {
  const std::string y = net.layer_norm(channels_last(net, x, name + ".channels_last"), name, kEpsilon);
  return channels_first(net, y, name + ".channels_first");
}

std::string add_block(GraphBuilder& net, const std::string& x, const std::string& scope) {
  const std::int64_t width = net.shape_of(x)[1].size;
  const std::string block = scope + "block.";
  std::string y = net.conv(
      x, {.name = block + "0", .out = width, .kernel = 7, .groups = width, .padding = Padding::centered, .bias = true});
  y = net.layer_norm(channels_last(net, y, block + "1"), block + "2", kEpsilon);
  y = net.add("Gelu", block + "4", {net.dense(y, block + "3", 4 * width)});
  y = channels_first(net, net.dense(y, block + "5", width), block + "6");
  y = net.add("Mul", scope + "scaled", {y, net.parameter(scope + "layer_scale", {width, 1, 1})});
  return net.add("Add", scope + "add", {y, x});
}

void check(const ConvNextConfig& config) {
  if (config.size >= kMinimumSize && config.classes > 0) return;
  throw usage_error("convnext_tiny", fmt::format("{} px, {} classes", config.size, config.classes),
                    fmt::format("at least {} px and one class", kMinimumSize));
}

}  // namespace

Blueprint convnext_tiny(const ConvNextConfig& config) {
  check(config);
  GraphBuilder net("convnext_tiny");
  std::string x = net.input("input", {"batch", 3, config.size, config.size});

  net.stage("stem");
  x = net.conv(
      x,
      {.name = "features.0.0", .out = kGroups.front().width, .kernel = kStemPatch, .stride = kStemPatch, .bias = true});
  x = layer_norm_2d(net, x, "features.0.1");
  for (std::size_t group = 0; group < kGroups.size(); ++group) {
    const BlockGroup& row = kGroups.at(group);
    net.stage(fmt::format("blocks{}", group));
    if (group > 0) {
      const std::string scope = fmt::format("features.{}.", 2 * group);
      x = layer_norm_2d(net, x, scope + "0");
      x = net.conv(x, {.name = scope + "1", .out = row.width, .kernel = 2, .stride = 2, .bias = true});
    }
    for (int i = 0; i < row.repeats; ++i) x = add_block(net, x, fmt::format("features.{}.{}.", 2 * group + 1, i));
  }
  net.stage(std::string(kHeadStage));
  x = net.layer_norm(net.global_average_pool(x, "avgpool"), "classifier.0", kEpsilon);
  net.output(net.linear(x, "classifier.2", config.classes), "logits");
  return std::move(net).finish();
}

}  // namespace enxerto
