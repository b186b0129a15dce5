#include "enxerto/zoo/vision_transformer.h"

#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/builder.h"
#include "enxerto/graph/head_stage.h"
#include "enxerto/zoo/attention.h"
#include "enxerto/zoo/transformer_layers.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr float kEpsilon = 1e-6F;
constexpr std::int64_t kMinimumPatches = 2, kWidening = 4;

/// Numbers `first` to `end` - 1.
std::string range(GraphBuilder& net, std::int64_t first, std::int64_t end) {
  Ints numbers(to_size(end - first));
  std::iota(numbers.begin(), numbers.end(), first);
  return net.integers(numbers);
}

/// Pictures become (batch, 1 + patches, width): the class token, then the patches row by row, each with its position.
std::string embed(GraphBuilder& net, const std::string& x, const VisionTransformerConfig& config) {
  const std::int64_t side = config.size / config.patch, patches = side * side;
  std::string y = net.conv(
      x,
      {.name = "patch_embed.proj", .out = config.width, .kernel = config.patch, .stride = config.patch, .bias = true});
  y = net.add("Reshape", "patch_embed.flatten", {y, net.integers({0, config.width, patches})});
  y = net.add("Transpose", "patch_embed.tokens", {y}, {{"perm", Ints{0, 2, 1}}});
  // The batch has no size here to repeat the class token by: a row of zeros comes before the patches, and the token
  // is added to it.
  y = net.add("Pad", "patch_embed.padded", {y, net.integers({0, 1, 0, 0, 0, 0})});
  const std::string token =
      net.add("Pad", "cls_token.padded",
              {net.parameter("cls_token", {1, 1, config.width}), net.integers({0, 0, 0, 0, patches, 0})});
  // Looked up as words are, which makes it an embedding by its role.
  const std::string positions =
      net.add("Gather", "pos_embed.rows",
              {net.parameter("pos_embed", {1, 1 + patches, config.width}), range(net, 0, 1 + patches)},
              {{"axis", std::int64_t{1}}});
  return net.add("Add", "embeddings", {y, net.add("Add", "prefix", {token, positions})});
}

std::string scaled(GraphBuilder& net, const std::string& x, const std::string& name,
                   const VisionTransformerConfig& config) {
  if (!config.layer_scale) return x;
  return net.add("Mul", name, {x, net.parameter(name + ".gamma", {config.width})});
}

std::string add_block(GraphBuilder& net, const std::string& x, const std::string& scope,
                      const VisionTransformerConfig& config) {
  std::string y = self_attention(net, net.layer_norm(x, scope + "norm1", kEpsilon), scope + "attn.",
                                 {.heads = config.heads, .head_width = config.width / config.heads});
  const std::string middle = net.add("Add", scope + "add1", {x, scaled(net, y, scope + "ls1", config)});
  y = feed_forward(net, net.layer_norm(middle, scope + "norm2", kEpsilon), scope + "mlp.", kWidening * config.width,
                   BlockActivation::gelu);
  return net.add("Add", scope + "add2", {middle, scaled(net, y, scope + "ls2", config)});
}

std::string pool(GraphBuilder& net, const std::string& x, const VisionTransformerConfig& config) {
  const std::string token =
      net.add("Gather", "class_token", {x, net.constant(Tensor::scalar<std::int64_t>(0))}, {{"axis", std::int64_t{1}}});
  if (config.pool == VisionTransformerConfig::Pool::class_token) return token;
  const std::string patches =
      net.add("Gather", "patches", {x, range(net, 1, net.shape_of(x)[1].size)}, {{"axis", std::int64_t{1}}});
  const std::string mean =
      net.add("ReduceMean", "patches.mean", {patches, net.integers({1})}, {{"keepdims", std::int64_t{0}}});
  return net.add("Concat", "pooled", {token, mean}, {{"axis", std::int64_t{1}}});
}

void check(const VisionTransformerConfig& config) {
  const bool positive =
      config.patch > 0 && config.width > 0 && config.depth > 0 && config.heads > 0 && config.classes > 0;
  if (positive && config.width % config.heads == 0 && config.size / config.patch >= kMinimumPatches) return;
  throw usage_error(config.name,
                    fmt::format("{} px in patches of {}, {} blocks of width {} with {} heads, {} classes", config.size,
                                config.patch, config.depth, config.width, config.heads, config.classes),
                    fmt::format("at least {} patches per side, heads that divide the width", kMinimumPatches));
}

}  // namespace

Blueprint vision_transformer(const VisionTransformerConfig& config) {
  check(config);
  GraphBuilder net(config.name);
  const std::string pictures = net.input("input", {"batch", 3, config.size, config.size});
  net.stage("embeddings");
  std::string x = embed(net, pictures, config);
  for (std::int64_t i = 0; i < config.depth; ++i) {
    net.stage(fmt::format("block{}", i));
    x = add_block(net, x, fmt::format("blocks.{}.", i), config);
  }
  x = pool(net, net.layer_norm(x, "norm", kEpsilon), config);
  net.stage(std::string(kHeadStage));
  net.output(net.linear(x, "head", config.classes), "logits");
  return std::move(net).finish();
}

}  // namespace enxerto
