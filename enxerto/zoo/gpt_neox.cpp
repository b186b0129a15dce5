#include "enxerto/zoo/gpt_neox.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/zoo/attention.h"
#include "enxerto/zoo/token_input.h"

namespace enxerto {
namespace {

std::string add_block(GraphBuilder& net, const std::string& x, const std::string& scope, const GptNeoxConfig& config,
                      const Attention& attention) {
  const std::string mixed = self_attention(net, net.layer_norm(x, scope + "norm1", config.epsilon), scope + "attn.",
                                           attention, config.attention_bias);
  const std::string middle = net.add("Add", scope + "add1", {x, mixed});
  const std::string normed = net.layer_norm(config.parallel ? x : middle, scope + "norm2", config.epsilon);
  const std::string y = feed_forward(net, normed, scope + "mlp.", config.sizes.hidden, config.activation);
  return net.add("Add", scope + "add2", {middle, y});
}

}  // namespace

Blueprint gpt_neox(const GptNeoxConfig& config) {
  const auto& [words, positions, width, depth, heads, hidden] = config.sizes;
  check(config.name, config.sizes);
  if (config.frequencies.empty() || 2 * config.frequencies.size() > to_size(width / heads))
    throw usage_error(config.name, fmt::format("{} frequencies", config.frequencies.size()),
                      fmt::format("1 to {}, half the width of a head", width / heads / 2));
  GraphBuilder net(config.name);
  net.stage("embeddings");
  const TokenInput input = token_input(net);
  std::string x = embedding(net, input.ids, "embeddings.word", words, width);
  const Attention attention{.heads = heads,
                            .head_width = width / heads,
                            .mask = attention_mask(net, input, config.causal),
                            .rotary = rotary(net, input.positions, config.frequencies)};
  for (std::int64_t i = 0; i < depth; ++i) {
    net.stage(fmt::format("block{}", i));
    x = add_block(net, x, fmt::format("blocks.{}.", i), config, attention);
  }
  net.output(net.layer_norm(x, "norm", config.epsilon), kTokenStates);
  return std::move(net).finish();
}

}  // namespace enxerto
