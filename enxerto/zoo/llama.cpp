#include "enxerto/zoo/llama.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/base/to_size.h"
#include "enxerto/zoo/attention.h"
#include "enxerto/zoo/token_input.h"

namespace enxerto {
namespace {

std::string attend(GraphBuilder& net, const std::string& x, const std::string& scope, const LlamaConfig& config,
                   const Attention& attention) {
  const std::int64_t width = config.head_width;
  const auto project = [&](const char* name, std::int64_t heads) {
    return dense(net, x, scope + name, heads * width, config.query_bias);
  };
  const std::string query = project("attn.q", config.sizes.heads);
  const std::string key = project("attn.k", config.key_heads);
  const std::string value = project("attn.v", config.key_heads);
  const std::string y = attended(net, scope + "attn.", {query, key, value}, attention);
  return dense(net, y, scope + "attn.proj", config.sizes.width, config.output_bias);
}

/// The activation of `gate` times `up`. SiLU is written as (gate up) sigmoid(gate): the usual order is fused by
/// OpenVINO 2026.4 in bfloat16 to a node that divides by half its number of threads, and ends the process where that is
/// one.
std::string gated_by(GraphBuilder& net, const std::string& gate, const std::string& up, const std::string& scope,
                     BlockActivation activation) {
  if (activation != BlockActivation::silu)
    return net.add("Mul", scope + "gated", {activated(net, gate, scope + "act", activation), up});
  const std::string product = net.add("Mul", scope + "product", {gate, up});
  return net.add("Mul", scope + "gated", {product, net.add("Sigmoid", scope + "act", {gate})});
}

std::string add_block(GraphBuilder& net, const std::string& x, const std::string& scope, const LlamaConfig& config,
                      const Attention& attention) {
  const std::string normed = rms_norm(net, x, scope + "norm1", config.epsilon);
  const std::string middle = net.add("Add", scope + "add1", {x, attend(net, normed, scope, config, attention)});
  const std::string y = rms_norm(net, middle, scope + "norm2", config.epsilon);
  const std::string gate = dense(net, y, scope + "mlp.gate", config.sizes.hidden, config.hidden_bias);
  const std::string up = dense(net, y, scope + "mlp.up", config.sizes.hidden, config.hidden_bias);
  const std::string gated = gated_by(net, gate, up, scope + "mlp.", config.activation);
  return net.add("Add", scope + "add2",
                 {middle, dense(net, gated, scope + "mlp.down", config.sizes.width, config.hidden_bias)});
}

void check(const LlamaConfig& config) {
  check(config.name, config.sizes, config.head_width);
  constexpr std::int64_t kWidest = 65536;
  if (config.key_heads < 1 || config.sizes.heads % config.key_heads != 0)
    throw usage_error(config.name,
                      fmt::format("{} key-value heads for {} query heads", config.key_heads, config.sizes.heads),
                      "a number that divides the query heads");
  if (config.head_width < 2 || config.head_width > kWidest || config.head_width % 2 != 0 ||
      2 * config.frequencies.size() != to_size(config.head_width))
    throw usage_error(config.name,
                      fmt::format("heads of width {}, {} frequencies", config.head_width, config.frequencies.size()),
                      "an even width, and half as many frequencies");
}

}  // namespace

Blueprint llama(const LlamaConfig& config) {
  check(config);
  const auto& [words, positions, width, depth, heads, hidden] = config.sizes;
  GraphBuilder net(config.name);
  net.stage("embeddings");
  const TokenInput input = token_input(net);
  std::string x = embedding(net, input.ids, "embeddings.word", words, width);
  const Attention attention{.heads = heads,
                            .key_heads = config.key_heads,
                            .head_width = config.head_width,
                            .mask = attention_mask(net, input, config.causal),
                            .rotary = rotary(net, input.positions, config.frequencies)};
  for (std::int64_t i = 0; i < depth; ++i) {
    net.stage(fmt::format("block{}", i));
    x = add_block(net, x, fmt::format("blocks.{}.", i), config, attention);
  }
  net.output(rms_norm(net, x, "norm", config.epsilon), kTokenStates);
  return std::move(net).finish();
}

}  // namespace enxerto
