#include "enxerto/zoo/gpt2.h"

#include <cmath>

#include <fmt/format.h>

#include "enxerto/zoo/attention.h"
#include "enxerto/zoo/token_input.h"

namespace enxerto {
namespace {

std::string add_block(GraphBuilder& net, const std::string& x, const std::string& scope, const Gpt2Config& config,
                      const Attention& attention) {
  const std::string normed = net.layer_norm(x, scope + "norm1", config.epsilon);
  const std::string middle =
      net.add("Add", scope + "add1", {x, self_attention(net, normed, scope + "attn.", attention)});
  const std::string y = feed_forward(net, net.layer_norm(middle, scope + "norm2", config.epsilon), scope + "mlp.",
                                     config.sizes.hidden, config.activation);
  return net.add("Add", scope + "add2", {middle, y});
}

/// As Radford et al. 2019 begin: what a branch adds is the smaller, the more branches there are.
void begin_block(GraphBuilder& net, const std::string& scope, std::int64_t depth) {
  constexpr double kDeviation = 0.02;
  const double added = kDeviation / std::sqrt(2.0 * static_cast<double>(depth));
  for (const char* layer : {"attn.qkv.weight", "mlp.fc1.weight"})
    net.start(scope + layer, {.mean = 0, .deviation = kDeviation});
  for (const char* layer : {"attn.proj.weight", "mlp.fc2.weight"})
    net.start(scope + layer, {.mean = 0, .deviation = added});
}

}  // namespace

Blueprint gpt2(const Gpt2Config& config) {
  const auto& [words, positions, width, depth, heads, hidden] = config.sizes;
  check(config.name, config.sizes);
  GraphBuilder net(config.name);
  net.stage("embeddings");
  const TokenInput input = token_input(net);
  std::string x = net.add("Add", "embeddings.sum",
                          {embedding(net, input.ids, "embeddings.word", words, width),
                           embedding(net, input.positions, "embeddings.position", positions, width)});
  const Attention attention{
      .heads = heads, .head_width = width / heads, .mask = attention_mask(net, input, config.causal)};
  for (std::int64_t i = 0; i < depth; ++i) {
    net.stage(fmt::format("block{}", i));
    const std::string scope = fmt::format("blocks.{}.", i);
    x = add_block(net, x, scope, config, attention);
    begin_block(net, scope, depth);
  }
  net.output(net.layer_norm(x, "norm", config.epsilon), kTokenStates);
  return std::move(net).finish();
}

}  // namespace enxerto
