#include "enxerto/zoo/bert.h"

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/zoo/attention.h"
#include "enxerto/zoo/token_input.h"

namespace enxerto {
namespace {

std::string embed(GraphBuilder& net, const TokenInput& input, const BertConfig& config) {
  const auto& [words, positions, width, depth, heads, hidden] = config.sizes;
  std::string x = embedding(net, input.ids, "embeddings.word", words, width);
  if (config.types > 0) {
    const std::string types = config.types_given ? net.input("token_type_ids", {"batch", "tokens"}, DType::i64)
                                                 : net.constant(Tensor::scalar<std::int64_t>(0));
    x = net.add("Add", "embeddings.with_type", {x, embedding(net, types, "embeddings.type", config.types, width)});
  }
  std::string rows = input.positions;
  if (config.first_position > 0)
    rows = net.add("Add", "positions.rows", {rows, net.constant(Tensor::scalar(config.first_position))});
  x = net.add("Add", "embeddings.sum", {x, embedding(net, rows, "embeddings.position", positions, width)});
  return net.layer_norm(x, "embeddings.norm", config.epsilon);
}

std::string add_block(GraphBuilder& net, const std::string& x, const std::string& scope, const BertConfig& config,
                      const Attention& attention) {
  std::string y = net.add("Add", scope + "add1", {x, self_attention(net, x, scope + "attn.", attention)});
  const std::string middle = net.layer_norm(y, scope + "norm1", config.epsilon);
  y = feed_forward(net, middle, scope + "mlp.", config.sizes.hidden, config.activation);
  return net.layer_norm(net.add("Add", scope + "add2", {middle, y}), scope + "norm2", config.epsilon);
}

}  // namespace

Blueprint bert(const BertConfig& config) {
  check(config.name, config.sizes);
  if (config.types < 0 || config.first_position < 0 || config.first_position >= config.sizes.positions)
    throw usage_error(config.name,
                      fmt::format("{} token types, positions from {}", config.types, config.first_position),
                      fmt::format("none or more, from 0 to {}", config.sizes.positions - 1));
  GraphBuilder net(config.name);
  net.stage("embeddings");
  const TokenInput input = token_input(net);
  std::string x = embed(net, input, config);
  const Attention attention{.heads = config.sizes.heads,
                            .head_width = config.sizes.width / config.sizes.heads,
                            .mask = attention_mask(net, input, false)};
  for (std::int64_t i = 0; i < config.sizes.depth; ++i) {
    net.stage(fmt::format("block{}", i));
    x = add_block(net, x, fmt::format("blocks.{}.", i), config, attention);
  }
  net.output(x, kTokenStates);
  return std::move(net).finish();
}

}  // namespace enxerto
