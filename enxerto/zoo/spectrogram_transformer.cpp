#include "enxerto/zoo/spectrogram_transformer.h"

#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/graph/builder.h"
#include "enxerto/zoo/attention.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// (batch, mels, frames) of energies in the range that the network is used to.
std::string in_range(GraphBuilder& net, const std::string& energies, const SpectrogramTransformerConfig& config) {
  const std::string centred = net.add("Sub", "fbank.centred", {energies, net.constant(Tensor::scalar(config.mean))});
  return net.add("Div", "fbank.normalised", {centred, net.constant(Tensor::scalar(2 * config.deviation))});
}

/// (batch, mels, frames) -> (batch, 2 + patches, width): two class tokens, then the patches band by band.
std::string patches_and_tokens(GraphBuilder& net, const std::string& energies,
                               const SpectrogramTransformerConfig& config) {
  const std::int64_t width = config.sizes.width, patches = config.patches();
  const std::string map = net.add("Unsqueeze", "embeddings.map", {energies, net.integers({1})});
  std::string x = net.add("Conv", "patch_embed.proj",
                          {map, net.parameter("patch_embed.proj.weight", {width, 1, config.patch, config.patch}),
                           net.parameter("patch_embed.proj.bias", {width})},
                          {{"strides", Ints{config.frequency_stride, config.time_stride}}});
  x = net.add("Reshape", "patch_embed.flatten", {x, net.integers({0, width, patches})});
  x = net.add("Transpose", "patch_embed.tokens", {x}, {{"perm", Ints{0, 2, 1}}});
  x = net.add("Pad", "patch_embed.padded", {x, net.integers({0, 2, 0, 0, 0, 0})});
  const std::string tokens = net.add(
      "Concat", "tokens", {net.parameter("cls_token", {1, 1, width}), net.parameter("dist_token", {1, 1, width})},
      {{"axis", std::int64_t{1}}});
  const std::string padded = net.add("Pad", "tokens.padded", {tokens, net.integers({0, 0, 0, 0, patches, 0})});
  Ints numbers(to_size(patches + 2));
  std::iota(numbers.begin(), numbers.end(), 0);
  const std::string positions =
      net.add("Gather", "pos_embed.rows", {net.parameter("pos_embed", {1, patches + 2, width}), net.integers(numbers)},
              {{"axis", std::int64_t{1}}});
  return net.add("Add", "embeddings", {x, net.add("Add", "prefix", {padded, positions})});
}

std::string spectrogram_block(GraphBuilder& net, const std::string& x, const std::string& scope,
                              const SpectrogramTransformerConfig& config) {
  const std::string mixed =
      self_attention(net, net.layer_norm(x, scope + "norm1", config.epsilon), scope + "attn.",
                     {.heads = config.sizes.heads, .head_width = config.sizes.width / config.sizes.heads});
  const std::string middle = net.add("Add", scope + "add1", {x, mixed});
  const std::string thought = feed_forward(net, net.layer_norm(middle, scope + "norm2", config.epsilon), scope + "mlp.",
                                           config.sizes.hidden, config.activation);
  return net.add("Add", scope + "add2", {middle, thought});
}

void check_patches(const SpectrogramTransformerConfig& config) {
  constexpr std::int64_t kMost = 100'000;
  const bool fits = config.patch > 0 && config.frequency_stride > 0 && config.time_stride > 0 &&
                    config.front.mels >= config.patch && config.front.frames >= config.patch &&
                    config.front.mels <= kMost && config.front.frames <= kMost && config.deviation > 0;
  if (fits && config.front.rate >= 1'000) return;
  throw usage_error(config.name,
                    fmt::format("patches of {} each {} mels and {} frames, of {} mels and {} frames at {} Hz",
                                config.patch, config.frequency_stride, config.time_stride, config.front.mels,
                                config.front.frames, config.front.rate),
                    "room for a patch, strides and a deviation above 0");
}

}  // namespace

std::int64_t SpectrogramTransformerConfig::patches() const {
  return ((front.mels - patch) / frequency_stride + 1) * ((front.frames - patch) / time_stride + 1);
}

Blueprint spectrogram_transformer(const SpectrogramTransformerConfig& config) {
  check(config.name, config.sizes);
  check_patches(config);
  GraphBuilder net(config.name);
  net.stage("fbank");
  const std::string samples = net.input("samples", {"batch", config.front.samples()});
  const std::string count = net.input("sample_count", {"batch", 1}, DType::i64);
  const std::string energies = in_range(net, kaldi_fbank(net, samples, count, config.front), config);
  net.stage("embeddings");
  std::string x = patches_and_tokens(net, energies, config);
  for (std::int64_t i = 0; i < config.sizes.depth; ++i) {
    net.stage(fmt::format("block{}", i));
    x = spectrogram_block(net, x, fmt::format("blocks.{}.", i), config);
  }
  const std::string normed = net.layer_norm(x, "norm", config.epsilon);
  const std::string tokens =
      net.add("Gather", "class_tokens", {normed, net.integers({0, 1})}, {{"axis", std::int64_t{1}}});
  net.output(net.add("ReduceMean", "class_tokens.mean", {tokens, net.integers({1})}, {{"keepdims", std::int64_t{0}}}),
             "pooled");
  return std::move(net).finish();
}

}  // namespace enxerto
