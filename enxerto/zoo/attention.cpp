#include "enxerto/zoo/attention.h"

#include <cmath>
#include <vector>

#include "enxerto/zoo/transformer_layers.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

/// (batch, tokens, heads * width) -> (batch, heads, tokens, width)
std::string heads_apart(GraphBuilder& net, const std::string& x, std::int64_t heads, std::int64_t width) {
  const std::string apart = net.add("Reshape", x + ".heads", {x, net.integers({0, 0, heads, width})});
  return net.add("Transpose", x + ".by_head", {apart}, {{"perm", Ints{0, 2, 1, 3}}});
}

/// Each head of keys or values once for every head of queries that it answers.
std::string repeated(GraphBuilder& net, const std::string& x, const Attention& attention) {
  const std::int64_t kept = attention.key_heads == 0 ? attention.heads : attention.key_heads;
  if (kept == attention.heads) return x;
  Ints heads;
  for (std::int64_t i = 0; i < attention.heads; ++i) heads.push_back(i / (attention.heads / kept));
  return net.add("Gather", x + ".repeated", {x, net.integers(heads)}, {{"axis", std::int64_t{1}}});
}

std::string query_of(GraphBuilder& net, const std::string& scope, const std::string& x, const Attention& attention) {
  const std::string heads = heads_apart(net, x, attention.heads, attention.head_width);
  if (!attention.scaled) return rotated(net, heads, attention.rotary);
  const float scale = 1.0F / std::sqrt(static_cast<float>(attention.head_width));
  return net.add("Mul", scope + "query", {rotated(net, heads, attention.rotary), net.constant(Tensor::scalar(scale))});
}

std::string key_of(GraphBuilder& net, const std::string& scope, const std::string& x, const Attention& attention) {
  const std::int64_t count = attention.key_heads == 0 ? attention.heads : attention.key_heads;
  const std::string heads = rotated(net, heads_apart(net, x, count, attention.head_width), attention.rotary);
  return net.add("Transpose", scope + "key", {repeated(net, heads, attention)}, {{"perm", Ints{0, 1, 3, 2}}});
}

}  // namespace

std::string attended(GraphBuilder& net, const std::string& scope, const Projections& from, const Attention& attention) {
  const std::string query = query_of(net, scope, from.query, attention);
  const std::string key = key_of(net, scope, from.key, attention);
  std::string scores = net.add("MatMul", scope + "scores", {query, key});
  if (!attention.mask.empty()) scores = net.add("Add", scope + "masked", {scores, attention.mask});
  const std::string weights = net.add("Softmax", scope + "weights", {scores}, {{"axis", std::int64_t{-1}}});
  const std::int64_t count = attention.key_heads == 0 ? attention.heads : attention.key_heads;
  const std::string value = repeated(net, heads_apart(net, from.value, count, attention.head_width), attention);
  std::string y = net.add("MatMul", scope + "mixed", {weights, value});
  y = net.add("Transpose", scope + "by_token", {y}, {{"perm", Ints{0, 2, 1, 3}}});
  return net.add("Reshape", scope + "together", {y, net.integers({0, 0, attention.heads * attention.head_width})});
}

std::string self_attention(GraphBuilder& net, const std::string& x, const std::string& scope,
                           const Attention& attention, bool bias) {
  const std::int64_t width = attention.heads * attention.head_width;
  const std::vector<std::string> parts =
      net.split(dense(net, x, scope + "qkv", 3 * width, bias), scope + "qkv.part", 3);
  return dense(net, attended(net, scope, {parts[0], parts[1], parts[2]}, attention), scope + "proj", width, bias);
}

}  // namespace enxerto
