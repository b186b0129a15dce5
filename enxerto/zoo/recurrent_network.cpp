#include "enxerto/zoo/recurrent_network.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "enxerto/base/error.h"
#include "enxerto/graph/recurrent.h"
#include "enxerto/zoo/token_input.h"

namespace enxerto {
namespace {

using Ints = std::vector<std::int64_t>;

constexpr std::int64_t kInt32 = 6;  // of ONNX's Cast
constexpr std::int64_t kMostWords = 100'000'000, kWidest = 65'536, kMostLayers = 64;

void check_recurrent(const RecurrentConfig& config) {
  struct Size {
    std::string_view name;
    std::int64_t value, most;
  };
  const auto layers = static_cast<std::int64_t>(config.layers.size());
  std::vector<Size> sizes{{"words", config.vocabulary, kMostWords},
                          {"width of word vectors", config.embedding, kWidest},
                          {"layers", layers, kMostLayers}};
  for (const RecurrentLayer& layer : config.layers) {
    sizes.push_back({"units of a layer", layer.hidden, kWidest});
    if (recurrent_gates(layer.op) == 0)
      throw usage_error(config.name, fmt::format("a layer '{}'", layer.op), "LSTM, GRU or RNN");
  }
  for (const Size& size : sizes)
    if (size.value < 1 || size.value > size.most)
      throw usage_error(config.name, fmt::format("{}: {}", size.name, size.value), fmt::format("1 to {}", size.most));
}

}  // namespace

std::string recurrent_layer(GraphBuilder& net, const std::string& x, const std::string& lengths,
                            const std::string& name, const RecurrentLayer& layer) {
  const std::int64_t directions = layer.bidirectional ? 2 : 1, rows = recurrent_gates(layer.op) * layer.hidden;
  const std::string steps = net.add("Transpose", name + ".steps", {x}, {{"perm", Ints{1, 0, 2}}});
  std::vector<std::string> inputs{steps,
                                  net.parameter(name + ".weight", {directions, rows, net.shape_of(x).back().size}),
                                  net.parameter(name + ".recurrent", {directions, rows, layer.hidden})};
  inputs.push_back(layer.biases ? net.parameter(name + ".bias", {directions, 2 * rows}) : "");
  inputs.push_back(lengths);
  Attributes attributes{{"hidden_size", layer.hidden}};
  if (layer.bidirectional) attributes["direction"] = std::string("bidirectional");
  if (layer.op == "GRU") attributes["linear_before_reset"] = std::int64_t{layer.resets_after ? 1 : 0};
  const std::string y = net.add(layer.op, name, std::move(inputs), std::move(attributes));
  const std::string rows_first = net.add("Transpose", name + ".rows", {y}, {{"perm", Ints{2, 0, 1, 3}}});
  return net.add("Reshape", name + ".joined", {rows_first, net.integers({0, 0, directions * layer.hidden})});
}

namespace {

/// All values side by side, (batch, tokens, widths), averaged by attention over the tokens.
std::string add_scores(GraphBuilder& net, std::vector<std::string> values, std::int64_t words) {
  const std::string joined = net.add("Concat", "joined", std::move(values), {{"axis", std::int64_t{2}}});
  const std::int64_t width = net.shape_of(joined).back().size;
  const std::string attention =
      net.add("MatMul", "attention.scores", {joined, net.parameter("attention.weight", {width, 1})});
  const std::string shares = net.add("Softmax", "attention.shares", {attention}, {{"axis", std::int64_t{1}}});
  const std::string weighted = net.add("Mul", "attention.weighted", {joined, shares});
  const std::string average =
      net.add("ReduceSum", "attention", {weighted, net.integers({1})}, {{"keepdims", std::int64_t{0}}});
  return net.linear(average, "words", words);
}

}  // namespace

Blueprint recurrent_network(const RecurrentConfig& config) {
  check_recurrent(config);
  GraphBuilder net(config.name);
  net.stage("embeddings");
  const std::string ids = net.input("input_ids", {"batch", "tokens"}, DType::i64);
  const std::string mask = net.input(kTokenMask, {"batch", "tokens"}, DType::i64);
  const std::string count =
      net.add("ReduceSum", "lengths.count", {mask, net.integers({1})}, {{"keepdims", std::int64_t{0}}});
  const std::string lengths = net.add("Cast", "lengths", {count}, {{"to", kInt32}});
  std::string x = embedding(net, ids, "embeddings.word", config.vocabulary, config.embedding);
  std::vector<std::string> values{x};
  for (std::size_t i = 0; i < config.layers.size(); ++i) {
    net.stage(fmt::format("rnn{}", i));
    x = recurrent_layer(net, x, lengths, fmt::format("rnn.{}", i), config.layers[i]);
    values.push_back(x);
  }
  if (config.scored_words > 0)
    net.stage("head").output(add_scores(net, std::move(values), config.scored_words), kScoredWords);
  else
    net.output(x, kTokenStates);
  return std::move(net).finish();
}

}  // namespace enxerto
